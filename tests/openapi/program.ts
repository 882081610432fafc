// What a user of the demo's generated client would write. It is checked against the generated types when it is compiled.
import { createClient } from './demo/client/index.js';
import { createUserUsersPost, readUsersUsersGet, readUserUsersIdGet, signUpSignupPost } from './demo/index.js';
import type { HttpValidationError, SignedUp, Signup, UserInput, UserOutput } from './demo/index.js';

export interface Answer<T> {
  status: number;
  data: T | undefined;
  error: unknown;
}

export function connect(baseUrl: string) {
  const client = createClient({ baseUrl });
  return {
    async users(): Promise<UserOutput[]> {
      const { data } = await readUsersUsersGet({ client, throwOnError: true });
      return data;
    },

    async user(id: number): Promise<Answer<UserOutput>> {
      const { data, error, response } = await readUserUsersIdGet({ client, path: { id } });
      return { status: response.status, data, error };
    },

    async create(body: UserInput): Promise<Answer<UserOutput>> {
      const { data, error, response } = await createUserUsersPost({ client, body });
      return { status: response.status, data, error };
    },

    /** Where each mistake in the body is. */
    async mistakes(body: UserInput): Promise<(string | number)[][]> {
      const { error } = await createUserUsersPost({ client, body });
      const detail = (error as HttpValidationError | undefined)?.detail ?? [];
      return detail.map((mistake) => mistake.loc);
    },

    async signUp(body: Signup): Promise<SignedUp> {
      const { data } = await signUpSignupPost({ client, body, throwOnError: true });
      return data;
    },
  };
}

// The types refuse what the API would refuse.
// @ts-expect-error: the e-mail address is missing
export const noAddress: UserInput = { name: 'Nobody' };
// @ts-expect-error: the database assigns the key
export const ownKey: UserInput = { id: 7, name: 'Nobody', email: 'nobody@example.com' };
// @ts-expect-error: a number is wanted
export const noNumber: Parameters<typeof readUserUsersIdGet>[0] = { path: { id: 'seven' } };
