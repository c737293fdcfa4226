#include "model/wire/card_steps.h"

#include "model/wire/card_transfer.h"
#include "model/wire/card_update.h"

static void
note_refusal(Card *card, Exchange exchange, CardStep step)
{
    if (exchange == EXCHANGE_UPDATE && !card->protocol->scheme.update_ack)
        card->log.refused_in_silence = step;
    else
        card->log.refused = step;
}

static CardAction
action_of(CardStep step)
{
    return card_update_actions[step] != NULL ? card_update_actions[step]
                                             : card_transfer_actions[step];
}

uint16_t
card_take_steps(Card *card, Exchange exchange, Path path, const uint8_t *data, uint8_t *out)
{
    const ExchangePlan *plan = &card->protocol->plan[path][exchange];
    Work work = { .card = card, .plan = plan, .path = path, .data = data, .out = out };

    for (guint i = 0; i < plan->n_steps; i++) {
        uint16_t status;

        work.is_cut = plan->steps[i] == card->cut.step;
        status = action_of(plan->steps[i])(&work);
        if (work.is_cut)
            return SW_NONE;
        if (status == SW_DONE)
            continue;
        if (status != SW_TRANSFER_KEY_ALONE)
            note_refusal(card, exchange, plan->steps[i]);
        return status;
    }
    return SW_DONE;
}
