#include "sim/scenario/plan_actions.h"

#define AGAIN (PLAN_KEY_EVERY | PLAN_KEY_TIMES)
#define LIMITS (PLAN_KEY_TRANSFER_KEY_LIMIT | PLAN_KEY_UPDATE_KEY_LIMIT)
#define TERMS                                                                                      \
    (PLAN_KEY_TRANSFER_KEY | PLAN_KEY_UPDATE_KEY | LIMITS | PLAN_KEY_PRELOADED | PLAN_KEY_CHIP |   \
     PLAN_KEY_EXPIRY)

const PlanAction plan_actions[N_PLAN_DO + 1] = {
    [PLAN_ISSUE] = { .name = "issue",
                     .meaning = "new cards of a cohort",
                     .needs = PLAN_KEY_CARDS | PLAN_KEY_COHORT,
                     .allows = AGAIN },
    [PLAN_SWAP] = { .name = "swap",
                    .meaning = "cards drawn from all are replaced",
                    .needs = PLAN_KEY_CARDS,
                    .allows = AGAIN | PLAN_KEY_FROM | TERMS,
                    .swaps = true },
    [PLAN_REVOKE] = { .name = "revoke",
                      .meaning = "the certificates of cards drawn from all",
                      .needs = PLAN_KEY_CARDS,
                      .allows = AGAIN | PLAN_KEY_FROM },
    [PLAN_CAMPAIGN] = { .name = "campaign",
                        .meaning = "cards are drawn and replaced one after the other",
                        .needs = PLAN_KEY_RATE,
                        .allows = AGAIN | PLAN_KEY_CARDS | PLAN_KEY_SHARE | PLAN_KEY_FROM | TERMS,
                        .swaps = true },
    [PLAN_REPLACE] = { .name = "replace",
                       .meaning = "from then on each card is replaced at a rate",
                       .needs = PLAN_KEY_RATE,
                       .allows = PLAN_KEY_FROM | TERMS,
                       .lasts = PLAN_LASTS,
                       .swaps = true },
    [PLAN_ROTATE] = { .name = "rotate",
                      .meaning = "swap, with keys, limits and preloaded one higher each time",
                      .needs = PLAN_KEY_CARDS | PLAN_KEY_TRANSFER_KEY,
                      .allows = AGAIN | PLAN_KEY_FROM | TERMS,
                      .swaps = true },
    [PLAN_LIMITS] = { .name = "limits",
                      .meaning = "of cards that are issued from then on",
                      .needs = PLAN_KEY_COHORT,
                      .allows = LIMITS },
    [PLAN_RECALL] = { .name = "recall",
                      .meaning = "cards come to a counter that writes the key",
                      .needs = PLAN_KEY_RATE | PLAN_KEY_TRANSFER_KEY,
                      .allows = PLAN_KEY_FROM,
                      .lasts = PLAN_LASTS },
    [PLAN_SPECIAL] = { .name = "special",
                       .meaning = "special cards at terminals update the cards that come by",
                       .needs = PLAN_KEY_RATE | PLAN_KEY_TERMINALS | PLAN_KEY_TRANSFER_KEY,
                       .allows = PLAN_KEY_UPDATE_KEY | PLAN_KEY_PRELOADED,
                       .lasts = PLAN_LASTS,
                       .brings_card = true },
    [PLAN_WAKE] = { .name = "wake",
                    .meaning = "cards that start no payments do so from then on",
                    .allows =
                        AGAIN | PLAN_KEY_CARDS | PLAN_KEY_SHARE | PLAN_KEY_RATE | PLAN_KEY_FROM,
                    .lasts = PLAN_LASTS_WITH_RATE },
    [PLAN_INJECT] = { .name = "inject",
                      .meaning = "an attacker who has the update key, or a card's secret key, "
                                 "updates cards drawn from all with a key of theirs; writes "
                                 "attacks.csv",
                      .needs = PLAN_KEY_CARDS | PLAN_KEY_TRANSFER_KEY,
                      .allows = AGAIN | PLAN_KEY_FROM | PLAN_KEY_UPDATE_KEY | PLAN_KEY_PRELOADED,
                      .brings_card = true },
    [PLAN_LEAK] = { .name = "leak",
                    .meaning = "an attacker gets hold of something",
                    .needs = PLAN_KEY_LEAK,
                    .allows = PLAN_KEY_FROM | PLAN_KEY_TAPS },
};

bool
plan_actions_has(PlanDo what, guint keys)
{
    return (keys & ~(plan_actions[what].needs | plan_actions[what].allows)) == 0;
}

char *
plan_actions_describe(void)
{
    GString *text = g_string_new(NULL);

    for (PlanDo i = 0; i < N_PLAN_DO; i++)
        g_string_append_printf(text, "%s%s: %s", i > 0 ? "; " : "", plan_actions[i].name,
                               plan_actions[i].meaning);
    return g_string_free(text, FALSE);
}
