/** Rules: what a field's descriptor asks of a value beyond its kind. Any thread. */
#ifndef CV_MODEL_RULE_H
#define CV_MODEL_RULE_H

#include "model/plan.h"

enum cv_rule {
    CV_RULE_NONE = 0,
    CV_RULE_PLACES,
    CV_RULE_LE,
    CV_RULE_LT,
    CV_RULE_GE,
    CV_RULE_GT,
    CV_RULE_MIN_LENGTH,
    CV_RULE_MAX_LENGTH,
    CV_RULE_PATTERN,
    CV_RULE_FORMAT,
    CV_RULE_CHOICES,
    CV_RULE_NO_MEMORY, /* it could not be found out */
};

/**
 * The first rule of the field that `value` breaks. The value is of the field's kind, or of its items' kind if it is an
 * array, and one that its kind can hold; NULL keeps every rule.
 */
enum cv_rule cv_rule_broken(const struct cv_field *field, const cuvee_value *value);
/** Which of the two lengths `count` items of an array break. */
enum cv_rule cv_rule_broken_by_count(const struct cv_field *field, size_t count);
/** What the rule says, as part of a sentence: "must be at least 1". The text is cut to `size`. */
void cv_rule_text(const struct cv_field *field, enum cv_rule rule, char *text, size_t size);

#endif
