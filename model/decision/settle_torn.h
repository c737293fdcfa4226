/* settle_torn.h - the decision level: what a tear leaves of a settlement.
 *
 * From the course that it would have taken and the moment of the tear follows which writes
 * took place, without a byte. */
#ifndef MODEL_DECISION_SETTLE_TORN_H
#define MODEL_DECISION_SETTLE_TORN_H

#include "model/decision/settle.h"
#include "model/protocol/tear.h"

/**
 * settle_torn:
 * @ring: a key that is half written is added; see settle_learn()
 * @course, @timeline: of the class of the settlement
 * @amount: what it was to pay
 * @before: both cards before it
 * @after: as settle_cards() left them; (out) as they are now
 *
 * Returns: what became of it
 */
TornCourse settle_torn(const Scheme *scheme, KeyRing *ring, const Course *course,
                       const Timeline *timeline, const Tear *tear, Cents amount,
                       const CardMemory before[static N_SIDES], CardMemory after[static N_SIDES]);

/**
 * settle_takes:
 * @tear: (nullable): what stops it
 *
 * Returns: whether the card takes @step of Fig. 4 in the settlement, even if it then refuses
 */
bool settle_takes(const Scheme *scheme, const Course *course, const Timeline *timeline,
                  const Tear *tear, Side side, CardStep step);

#endif
