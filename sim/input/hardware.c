#include "sim/input/hardware.h"

#include "sim/base/wording.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/text.h"
#include "sim/input/types.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/unset.h"

#include <string.h>

/* What `like` gives */

static void
inherit(int64_t *field, int64_t inherited)
{
    if (*field == SCENARIO_UNSET)
        *field = inherited;
}

/* What a misspelt `like` would have given is not missing. */
static void
doubt_without_like(const Reading *reading, ScenarioGroup group, const char *name, const void *like)
{
    g_autofree char *header = keys_header(group, name);

    if (like == NULL && text_has(reading->text, header, "like"))
        text_doubt(reading->text, header);
}

static void
complete_chip(ScenarioChip *chip)
{
    const Chip *like = chip->like;

    for (ChipOperation i = 0; i < N_CHIP_OPERATIONS; i++)
        if (like != NULL && chip->cost[i].base_ns == SCENARIO_UNSET)
            chip->cost[i] = (ScenarioCost){ like->cost[i].base_ns, like->cost[i].byte_ns };
    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        for (ChipSuiteOperation i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
            inherit(&chip->suite_ns[suite][i],
                    like != NULL ? like->suite_ns[suite][i] : CHIP_LACKS);
}

static void
complete_interface(ScenarioInterface *interface)
{
    const LinkInterface *like = interface->like;

    if (like != NULL) {
        if (interface->protocol < 0)
            interface->protocol = (int)like->protocol;
        inherit(&interface->bit_ps, like->bit_ps);
        inherit(&interface->byte_bits, like->bits_per_byte);
        inherit(&interface->card_gap_ns, like->card_gap_ns);
        inherit(&interface->reader_gap_ns, like->reader_gap_ns);
        inherit(&interface->activation, like->activation_us);
    }
    if (interface->protocol == LINK_T_0) {
        inherit(&interface->block_overhead, 0);
        inherit(&interface->block_bytes, 0);
    } else if (like != NULL && like->protocol != LINK_T_0) {
        inherit(&interface->block_overhead, like->block_overhead_bytes);
        inherit(&interface->block_bytes, like->block_payload_bytes);
    }
}

/* The rows of the tables. What is not set is a mistake that is reported elsewhere. */

static uint32_t
whole(int64_t value)
{
    return value == SCENARIO_UNSET ? 0 : (uint32_t)value;
}

static Chip
make_chip(const ScenarioChip *own)
{
    Chip chip = { .name = own->name, .source = own->source };

    for (ChipOperation i = 0; i < N_CHIP_OPERATIONS; i++)
        chip.cost[i] = (ChipCost){ whole(own->cost[i].base_ns), whole(own->cost[i].byte_ns) };
    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        for (ChipSuiteOperation i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
            chip.suite_ns[suite][i] = whole(own->suite_ns[suite][i]);
    return chip;
}

static LinkInterface
make_interface(const ScenarioInterface *own)
{
    return (LinkInterface){
        .name = own->name,
        .protocol = own->protocol < 0 ? LINK_T_CL : (LinkProtocol)own->protocol,
        .bit_ps = whole(own->bit_ps),
        .bits_per_byte = (uint8_t)whole(own->byte_bits),
        .block_overhead_bytes = (uint8_t)whole(own->block_overhead),
        .block_payload_bytes = (uint16_t)whole(own->block_bytes),
        .card_gap_ns = whole(own->card_gap_ns),
        .reader_gap_ns = whole(own->reader_gap_ns),
        .activation_us = whole(own->activation),
        .source = own->source,
    };
}

void
hardware_gather(const Reading *reading)
{
    Scenario *scenario = reading->scenario;

    g_array_append_vals(scenario_chips(scenario), chips, (guint)n_chips);
    for (guint i = 0; i < scenario_own_chips(scenario)->len; i++) {
        ScenarioChip *own = scenario_own_chips(scenario)->pdata[i];
        Chip chip;

        doubt_without_like(reading, GROUP_CHIP, own->name, own->like);
        complete_chip(own);
        chip = make_chip(own);
        g_array_append_val(scenario_chips(scenario), chip);
    }
    g_array_append_vals(scenario_interfaces(scenario), link_interfaces, (guint)link_n_interfaces);
    for (guint i = 0; i < scenario_own_interfaces(scenario)->len; i++) {
        ScenarioInterface *own = scenario_own_interfaces(scenario)->pdata[i];
        LinkInterface interface;

        doubt_without_like(reading, GROUP_INTERFACE, own->name, own->like);
        complete_interface(own);
        interface = make_interface(own);
        g_array_append_val(scenario_interfaces(scenario), interface);
    }
}

/* Checks */

/* A value that names a chip or an interface is one word without commas. */
static void
check_name(const Reading *reading, ScenarioGroup group, const char *header, const char *name,
           bool is_shipped)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *copy = NULL;
    g_autofree char *expected = types_expected(PLAIN_TYPE(TYPE_NAME), scenario);
    g_autofree char *found = wording_quoted(name);

    if (!types_read(PLAIN_TYPE(TYPE_NAME), name, &copy, scenario))
        text_mistake(reading->text, header, NULL, "expected %s, found %s", expected, found);
    else if (is_shipped)
        text_mistake(reading->text, header, NULL,
                     "expected a name that no shipped %s has, found %s",
                     scenario_groups[group].name, found);
}

/* @first: the name of the first one too many */
static void
complain_of_number(const Reading *reading, ScenarioGroup group, guint most, guint n,
                   const char *first)
{
    g_autofree char *header = keys_header(group, first);

    text_mistake(reading->text, header, NULL, "expected at most %u groups [%s NAME], found %u",
                 most, scenario_groups[group].name, n);
}

/* Whether the chip has all of a suite's operations or none. */
static void
check_suite(const Reading *reading, const char *header, const ScenarioChip *chip, SuiteId suite)
{
    g_autofree char *lacking = NULL;
    guint n_lacking = 0;

    for (ChipSuiteOperation i = 0; i < N_CHIP_SUITE_OPERATIONS; i++) {
        g_autofree char *key =
            g_strconcat(suites[suite].name, "-", chip_suite_operation_names[i], NULL);

        if (!text_is_sure(reading->text, header, key))
            return;
        if (chip->suite_ns[suite][i] != CHIP_LACKS)
            continue;
        n_lacking++;
        if (lacking == NULL)
            lacking = g_steal_pointer(&key);
    }
    if (n_lacking > 0 && n_lacking < N_CHIP_SUITE_OPERATIONS)
        text_mistake(reading->text, header, lacking,
                     "expected a time, as for other operations of suite %s, found none",
                     suites[suite].name);
}

static void
check_chip(const Reading *reading, const ScenarioChip *chip)
{
    g_autofree char *header = keys_header(GROUP_CHIP, chip->name);

    check_name(reading, GROUP_CHIP, header, chip->name, chip_find(chip->name) != NULL);
    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        check_suite(reading, header, chip, suite);
}

/* Blocks have a size, and characters have none. */
static void
check_blocks(const Reading *reading, const char *header, const char *key, ScenarioType type,
             int64_t bytes, bool is_given, LinkProtocol protocol)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *found = types_print(PLAIN_TYPE(type), &bytes, scenario);
    const char *name = link_protocol_names[protocol];

    if (!text_is_sure(reading->text, header, key))
        return;
    if (protocol == LINK_T_0 && bytes != 0)
        text_mistake(reading->text, header, key, "expected no blocks with protocol %s, found %s",
                     name, found);
    if (protocol != LINK_T_0 && !is_given)
        text_mistake(reading->text, header, key,
                     "expected a number of bytes with protocol %s, found %s", name,
                     found != NULL ? found : "nothing");
}

static void
check_interface(const Reading *reading, const ScenarioInterface *interface)
{
    g_autofree char *header = keys_header(GROUP_INTERFACE, interface->name);
    const LinkProtocol protocol = (LinkProtocol)interface->protocol;

    check_name(reading, GROUP_INTERFACE, header, interface->name,
               link_find_interface(interface->name) != NULL);
    if (interface->protocol < 0 || !text_is_sure(reading->text, header, "protocol"))
        return;
    check_blocks(reading, header, "block-bytes", TYPE_BLOCK_BYTES, interface->block_bytes,
                 interface->block_bytes > 0, protocol);
    check_blocks(reading, header, "block-overhead", TYPE_BLOCK_OVERHEAD, interface->block_overhead,
                 interface->block_overhead >= 0, protocol);
}

void
hardware_check(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    const GPtrArray *own_chips = scenario_own_chips(scenario);
    const GPtrArray *own_interfaces = scenario_own_interfaces(scenario);

    for (guint i = 0; i < own_chips->len; i++)
        check_chip(reading, own_chips->pdata[i]);
    for (guint i = 0; i < own_interfaces->len; i++)
        check_interface(reading, own_interfaces->pdata[i]);
    if (own_chips->len > SCENARIO_CHIPS_MAX)
        complain_of_number(reading, GROUP_CHIP, SCENARIO_CHIPS_MAX, own_chips->len,
                           ((ScenarioChip *)own_chips->pdata[SCENARIO_CHIPS_MAX])->name);
    if (own_interfaces->len > SCENARIO_INTERFACES_MAX)
        complain_of_number(
            reading, GROUP_INTERFACE, SCENARIO_INTERFACES_MAX, own_interfaces->len,
            ((ScenarioInterface *)own_interfaces->pdata[SCENARIO_INTERFACES_MAX])->name);
}
