/* Queries: which rows, in which order, how many, over one model or several. */
#include "conformance/transcript.h"

enum { MEMBERS = 12 };

/* Three teams, the last without members, and members of the other two and of none. */
static cuvee_session *with_members(struct transcript *t)
{
    static const char *const cities[] = {"Graz", "Linz", "Wien"};
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &team_model, (Team[]){{.name = "red"}, {.name = "blue"}, {.name = "none"}}, 3);
    for (int i = 0; i < MEMBERS; i++) {
        Member member = {.name = text(t, "m%d", i % 5), .city = cities[i % 3], .number = i + 1};
        if (i % 4)
            member.team = (cuvee_opt_int64){true, 1 + i % 2};
        cuvee_add(s, &member_model, &member);
    }
    commit_and_close(s);
    return open_session(t);
}

/* ---- conditions ---- */

static void lists_of_values(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    static cuvee_value values[800];
    for (int i = 0; i < 800; i++)
        values[i] = cuvee_int_value(5 + i);
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_in(q, "id", values, 800));
    say(t, "in 800 = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_not(q, cuvee_in(q, "id", values, 800)));
    say(t, "not in 800 = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_in(q, "id", values, 0));
    say(t, "in none = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_not(q, cuvee_in(q, "id", values, 0)));
    say(t, "not in none = %lld", (long long)cuvee_count(q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_not(q, cuvee_in(q, "team", (cuvee_value[]){CUVEE_VALUE(1)}, 1)));
    say(t, "not in, of NULLs = %s", keys(t, s, q));
    cuvee_session_close(s);
}

static void conditions(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_between(q, "id", 3, 5));
    say(t, "between = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_between(q, "id", 5, 3));
    say(t, "between, the wrong way = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_not(q, cuvee_or(q, cuvee_eq(q, "team", 1), cuvee_gt(q, "number", 10))));
    say(t, "neither nor = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_compare_fields(q, "id", CUVEE_LE, "team"));
    say(t, "field against field = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_compare_fields(q, "name", CUVEE_LT, "city"));
    say(t, "text against text = %lld", (long long)cuvee_count(q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_eq(q, "name", "1"));
    say(t, "a number as text = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_eq(q, "number", "1"));
    say(t, "text for a number = %s", fault(t, s));
    cuvee_session_close(s);
}

/* ---- pages ---- */

static void limits_and_offsets(struct transcript *t)
{
    static const int pages[][2] = {{3, 0}, {3, 10}, {0, 0}, {5, 100}, {-1, 9}};
    cuvee_session *s = with_members(t);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        cuvee_query *q = cuvee_select(s, &member_model);
        cuvee_order_by(q, "id", CUVEE_DESCENDING);
        if (pages[i][0] >= 0)
            cuvee_limit(q, (uint64_t)pages[i][0]);
        cuvee_offset(q, (uint64_t)pages[i][1]);
        say(t, "limit %d offset %d = %s", pages[i][0], pages[i][1], keys(t, s, q));
    }
    cuvee_session_close(s);
}

static void pages_by_key(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    for (int down = 0; down < 2; down++) {
        const void *last = NULL;
        for (int page = 0; page < 5; page++) {
            cuvee_query *q = cuvee_select(s, &member_model);
            cuvee_order_by(q, "team", down ? CUVEE_DESCENDING : CUVEE_ASCENDING); /* has NULLs */
            cuvee_order_by(q, "name", CUVEE_DESCENDING);
            cuvee_after(q, last);
            cuvee_limit(q, 3);
            say(t, "%s %d = %s", down ? "descending" : "ascending", page, keys(t, s, q));
            cuvee_list found = cuvee_all(q);
            if (!found.count)
                break;
            last = found.items[found.count - 1];
        }
    }
    cuvee_session_close(s);
}

/* ---- groups ---- */

static void groups(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_group_by(q, "team");
    cuvee_pick(q, "team");
    cuvee_pick_aggregate(q, CUVEE_COUNT, NULL);
    cuvee_pick_aggregate(q, CUVEE_SUM, "number");
    cuvee_pick_aggregate(q, CUVEE_AVG, "number");
    cuvee_pick_aggregate(q, CUVEE_MAX, "name");
    cuvee_order_by(q, "team", CUVEE_ASCENDING);
    say(t, "by team = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_having(q, CUVEE_COUNT, NULL, CUVEE_GE, 3);
    say(t, "of 3 at least = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_having(q, CUVEE_AVG, "number", CUVEE_LT, 6.5);
    say(t, "and low numbers = %s", values_of(t, s, cuvee_rows_open(q)));
    say(t, "groups = %lld", (long long)cuvee_count(q));
    cuvee_session_close(s);
}

static void distinct_rows(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_pick(q, "city");
    cuvee_pick(q, "team");
    cuvee_distinct(q);
    cuvee_order_by(q, "city", CUVEE_ASCENDING);
    cuvee_order_by(q, "team", CUVEE_ASCENDING);
    say(t, "cities and teams = %s", values_of(t, s, cuvee_rows_open(q)));
    say(t, "count = %lld", (long long)cuvee_count(q));
    cuvee_session_close(s);
}

/* ---- several models ---- */

static void joins(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_join(q, &team_model, "id", "team");
    cuvee_where(q, cuvee_eq(q, "Team.name", "blue"));
    say(t, "members of blue = %s", keys(t, s, q));
    q = cuvee_select(s, &team_model);
    cuvee_left_join(q, &member_model, "team", "id");
    cuvee_where(q, cuvee_is_null(q, "Member.id"));
    say(t, "teams without members = %s", keys(t, s, q));
    q = cuvee_select(s, &team_model);
    cuvee_join(q, &member_model, "team", "id");
    cuvee_distinct(q);
    say(t, "teams with members = %s", keys(t, s, q));
    q = cuvee_select(s, &member_model);
    cuvee_left_join(q, &team_model, "id", "team");
    cuvee_order_by(q, "Team.name", CUVEE_DESCENDING);
    cuvee_order_by(q, "id", CUVEE_ASCENDING);
    say(t, "members by their team's name = %s", keys(t, s, q));
    cuvee_session_close(s);
}

static void sub_selects(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    cuvee_query *reds = cuvee_select(s, &team_model), *q = cuvee_select(s, &member_model);
    cuvee_where(reds, cuvee_eq(reds, "name", "red"));
    cuvee_where(q, cuvee_in_query(q, "team", reds, "id"));
    say(t, "members of red = %s", keys(t, s, q));
    cuvee_query *members = cuvee_select(s, &member_model);
    q = cuvee_select(s, &team_model);
    cuvee_where(q, cuvee_not(q, cuvee_in_query(q, "id", members, "team")));
    say(t, "not among teams that may be NULL = %s", keys(t, s, q));
    members = cuvee_select(s, &member_model);
    cuvee_order_by(members, "number", CUVEE_DESCENDING);
    cuvee_limit(members, 2);
    q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_in_query(q, "id", members, "id"));
    say(t, "the two highest numbers = %s", keys(t, s, q));
    cuvee_session_close(s);
}

static void statements(struct transcript *t)
{
    cuvee_session *s = with_members(t);
    cuvee_query *q = cuvee_select(s, &team_model);
    cuvee_with(q, "members");
    cuvee_list teams = cuvee_all(q);
    say(t, "teams with their members = %llu", (unsigned long long)cuvee_session_statements(s));
    say(t, "members of the first = %zu", cuvee_related(s, teams.items[0], "members").count);
    say(t, "members of the last = %zu", cuvee_related(s, teams.items[2], "members").count);
    cuvee_get(s, &team_model, 1);
    say(t, "a row that is there already = %llu", (unsigned long long)cuvee_session_statements(s));
    cuvee_get(s, &team_model, 77);
    say(t, "a row that is not there = %llu", (unsigned long long)cuvee_session_statements(s));
    cuvee_session_close(s);
}

const struct transcript_case query_cases[] = {
    {"lists of values", lists_of_values},
    {"conditions", conditions},
    {"limits and offsets", limits_and_offsets},
    {"pages by key", pages_by_key},
    {"groups", groups},
    {"distinct rows", distinct_rows},
    {"joins", joins},
    {"sub-selects", sub_selects},
    {"statements of reads", statements},
    {NULL, NULL},
};
