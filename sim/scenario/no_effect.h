/* no_effect.h - something that a scenario sets and that changes nothing. */
#ifndef SIM_SCENARIO_NO_EFFECT_H
#define SIM_SCENARIO_NO_EFFECT_H

/**
 * NoEffect:
 * @place: `[group] key`, or `[group]` for all of its keys
 * @why: for people; NULL: the key is at its default
 */
typedef struct {
    char *place;
    const char *why;
} NoEffect;

#endif
