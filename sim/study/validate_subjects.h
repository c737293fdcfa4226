/* validate_subjects.h - what `validate` checks, a function for each subject. All print their
 * lines to @out. */
#ifndef SIM_STUDY_VALIDATE_SUBJECTS_H
#define SIM_STUDY_VALIDATE_SUBJECTS_H

#include "sim/study/validate.h"

#include <stdio.h>

/* Uniform random pairs, of which all is known exactly, and the exposure of the old key. */
void validate_pairs(Validation *validation, FILE *out);

/* Many cards alike: the logistic curve, and Bass's where new cards are the source. */
void validate_curves(Validation *validation, FILE *out);

/* Cards that are not alike: unequal activity, merchants, communities, limits. */
void validate_structure(Validation *validation, FILE *out);

/* An attacker's own reader: when they hold the next key. */
void validate_attacker(Validation *validation, FILE *out);

/* A terminal as a queue. */
void validate_queue(Validation *validation, FILE *out);

/* What cards that leave and terminals that fail destroy. */
void validate_tears(Validation *validation, FILE *out);

/* Figures known from 200 runs. */
void validate_references(Validation *validation, FILE *out);

#endif
