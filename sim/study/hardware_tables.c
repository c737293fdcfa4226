#include "sim/study/hardware_tables.h"

#include "model/protocol/certificate.h"
#include "model/protocol/chip.h"
#include "model/protocol/duration.h"
#include "model/protocol/link.h"
#include "model/protocol/protocol.h"

#include <glib.h>

static void
print_chips(FILE *out)
{
    fprintf(out, "Chips: nanoseconds of an operation, base + per byte\n%-16s", "chip");
    for (ChipOperation i = 0; i < N_CHIP_OPERATIONS; i++)
        fprintf(out, " %15s", chip_operation_names[i]);
    fprintf(out, "\n");
    for (size_t c = 0; c < n_chips; c++) {
        fprintf(out, "%-16s", chips[c].name);
        for (ChipOperation i = 0; i < N_CHIP_OPERATIONS; i++) {
            g_autofree char *cost =
                g_strdup_printf("%u+%u", chips[c].cost[i].base_ns, chips[c].cost[i].byte_ns);

            fprintf(out, " %15s", cost);
        }
        fprintf(out, "\n");
    }
}

static void
print_suite_operations(FILE *out)
{
    fprintf(out,
            "\nPublic-key operations: nanoseconds; sign and verify add the chip's hash of "
            "what is signed\n%-16s %-9s",
            "chip", "suite");
    for (ChipSuiteOperation i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
        fprintf(out, " %14s", chip_suite_operation_names[i]);
    fprintf(out, "\n");
    for (size_t c = 0; c < n_chips; c++)
        for (SuiteId suite = 0; suite < N_SUITES; suite++) {
            fprintf(out, "%-16s %-9s", chips[c].name, suites[suite].name);
            for (ChipSuiteOperation i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
                if (chip_has_suite(&chips[c], suite))
                    fprintf(out, " %14u", chips[c].suite_ns[suite][i]);
                else
                    fprintf(out, " %14s", "-");
            fprintf(out, "\n");
        }
}

static void
print_suites(FILE *out)
{
    fprintf(out,
            "\nSuites: bytes on the wire; an envelope is head + payload, or one block\n"
            "%-9s %10s %9s %11s %13s %14s %11s\n",
            "suite", "public-key", "signature", "certificate", "envelope-head", "envelope-block",
            "payload-max");
    for (SuiteId i = 0; i < N_SUITES; i++)
        fprintf(out, "%-9s %10u %9u %11u %13u %14u %11u\n", suites[i].name,
                suites[i].public_key_bytes, suites[i].signature_bytes,
                certificate_bytes(&suites[i]), suites[i].envelope_head_bytes,
                suites[i].envelope_block_bytes, suites[i].envelope_payload_max);
}

static void
print_interfaces(FILE *out)
{
    static const char *const protocols[] = {
        [LINK_T_CL] = "T=CL", [LINK_T_0] = "T=0", [LINK_T_1] = "T=1"
    };

    fprintf(out, "\nInterfaces\n%-10s %-8s %9s %9s %11s %9s %11s %13s %13s\n", "interface",
            "protocol", "bit-ps", "bits/byte", "block-extra", "block-max", "card-gap-ns",
            "reader-gap-ns", "activation-us");
    for (size_t i = 0; i < link_n_interfaces; i++) {
        const LinkInterface *row = &link_interfaces[i];

        fprintf(out, "%-10s %-8s %9u %9u %11u %9u %11u %13u %13u\n", row->name,
                protocols[row->protocol], row->bit_ps, row->bits_per_byte,
                row->block_overhead_bytes, row->block_payload_bytes, row->card_gap_ns,
                row->reader_gap_ns, row->activation_us);
    }
    fprintf(out, "\nTerminals: reader overhead of each command\n%-10s %11s\n", "terminal",
            "overhead-us");
    for (TerminalKind i = 0; i < N_TERMINAL_KINDS; i++)
        fprintf(out, "%-10s %11u\n", link_terminals[i].name, link_terminals[i].reader_overhead_us);
}

static const char *
operation_name(const StepOperation *operation)
{
    return operation->on_suite ? chip_suite_operation_names[operation->suite_operation]
                               : chip_operation_names[operation->operation];
}

/* Embodiment 5 has the steps of all others; some operations are others' alone. */
static void
print_steps(const Protocol *protocol, FILE *out)
{
    static const char *const whens[N_WHENS] = {
        [WHEN_TRIED] = "always",
        [WHEN_PASSED] = "if the step passes",
        [WHEN_WROTE_TRANSFER_KEY] = "if the transfer key is stored",
        [WHEN_WROTE_UPDATE_KEY] = "if the update key is stored",
        [WHEN_WROTE_TRANSFER_KEY_ID] = "if the ID alone is stored",
        [WHEN_WROTE_SWITCH] = "if the card switches keys (mondex)",
        [WHEN_LOGGED] = "if cards keep a log (torn-log)",
        [WHEN_WAITED] = "if the card waits for a credit (torn-log)",
        [WHEN_KEYS_ARE_SIGNED] = "if keys are issuer-signed",
    };

    fprintf(out,
            "\nOperations of the card's steps; bytes in embodiment 5, suite p256\n"
            "%-7s %-11s %-14s %6s  %s\n",
            "step", "path", "operation", "bytes", "when");
    for (CardStep step = CARD_STEP_NONE + 1; step < N_CARD_STEPS; step++) {
        const CardStepRow *row = &card_steps[step];

        for (guint i = 0; i < row->n_operations; i++)
            fprintf(out, "%s%-*s %-11s %-14s %6u  %s\n", row->number[0] == 'S' ? "" : "Sx",
                    row->number[0] == 'S' ? 7 : 5, row->number,
                    row->path == PATH_NONE ? "every" : path_names[row->path],
                    operation_name(&row->operations[i]),
                    protocol->lengths[row->path][row->operations[i].length],
                    whens[row->operations[i].when]);
    }
}

/* Chip time of the update's steps on @path, both cards having the same chip. */
static Micros
update_on_chip(const Protocol *protocol, Path path, const Chip *chip)
{
    CardLog log = { .wrote = WROTE_TRANSFER_KEY };
    Micros sum = 0;

    if (path == PATH_PUBLIC_KEY && protocol->scheme.update_key == UPDATE_KEY_TRAVELS)
        log.wrote |= WROTE_UPDATE_KEY;
    for (CardStep step = CARD_STEP_NONE + 1; step < N_CARD_STEPS; step++)
        if (card_steps[step].path == path)
            sum += duration_card_step(protocol, path, chip, step, false, &log);
    return sum;
}

static void
print_updates(FILE *out)
{
    fprintf(out,
            "\nOne update on two cards of one chip, embodiment 5: milliseconds on the chips, "
            "line not counted\n%-16s %10s",
            "chip", "symmetric");
    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        fprintf(out, " %10s", suites[suite].name);
    fprintf(out, "\n");
    for (size_t c = 0; c < n_chips; c++) {
        fprintf(out, "%-16s", chips[c].name);
        for (int suite = -1; suite < N_SUITES; suite++) {
            Scheme scheme = scheme_default();
            Path path = suite < 0 ? PATH_SYMMETRIC : PATH_PUBLIC_KEY;
            Protocol protocol;

            scheme.suite = suite < 0 ? SUITE_P256 : (SuiteId)suite;
            protocol_init(&protocol, &scheme);
            if (suite < 0 || chip_has_suite(&chips[c], scheme.suite))
                fprintf(out, " %10.3f", (double)update_on_chip(&protocol, path, &chips[c]) / 1000);
            else
                fprintf(out, " %10s", "-");
        }
        fprintf(out, "\n");
    }
}

static void
print_sources(FILE *out)
{
    fprintf(out, "\nSources\n");
    for (size_t c = 0; c < n_chips; c++)
        fprintf(out, "%-16s %s\n", chips[c].name, chips[c].source);
    for (size_t i = 0; i < link_n_interfaces; i++)
        fprintf(out, "%-16s %s\n", link_interfaces[i].name, link_interfaces[i].source);
    for (TerminalKind i = 0; i < N_TERMINAL_KINDS; i++)
        fprintf(out, "%-16s %s\n", link_terminals[i].name, link_terminals[i].source);
}

void
hardware_tables_print(FILE *out)
{
    Scheme scheme = scheme_default();
    Protocol protocol;

    protocol_init(&protocol, &scheme);
    print_chips(out);
    print_suite_operations(out);
    print_suites(out);
    print_interfaces(out);
    print_steps(&protocol, out);
    print_updates(out);
    print_sources(out);
}
