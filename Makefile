# purseroll: how fast a new key reaches the cards. `make help` lists the targets.

CC       ?= cc
# Under a sanitizer speed is lost anyway, and most of a test's time would go into compiling.
CFLAGS   ?= $(if $(SAN),-O1,-O2) -g
# The project's own flags stay whatever CFLAGS the command line brings: results hang on them.
override CFLAGS += -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Werror=implicit-function-declaration -ffp-contract=off
# What a broken program does stays harmless; sanitizers look closer than that.
optimised := $(filter -O -O1 -O2 -O3 -Os -Og,$(CFLAGS))
hardened  := $(if $(SAN),,-fstack-protector-strong \
             $(if $(optimised),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
override CFLAGS += $(hardened) $(SAN:%=-fsanitize=% -fno-sanitize-recover=all -fno-omit-frame-pointer)
BUILD    ?= build$(if $(SAN),/$(SAN))
PREFIX   ?= /usr/local
PYTHON   ?= python3
CORES    := $(shell nproc 2>/dev/null || echo 1)
SCENARIO ?= scenarios/campus-rollover.ini
RESULTS  ?= results/$(basename $(notdir $(SCENARIO)))

# What a Debian machine needs: to build, to draw, to test.
PACKAGES := gcc make pkg-config libc6-dev libglib2.0-dev libsodium-dev libcsv-dev libgsl-dev \
            gnuplot-nox fonts-dejavu-core python3

# What only tests need; without them some are skipped.
TEST_PACKAGES := clang libclang-rt-dev clang-format clang-tidy locales

# Goals that need no library: they must work on a machine that has none yet.
ifneq ($(filter-out help deps clean,$(or $(MAKECMDGOALS),all)),)
PKG      := $(shell pkg-config --cflags gio-unix-2.0 libsodium gsl 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs gio-unix-2.0 libsodium gsl 2>/dev/null)
endif
VERSION  := 0.1.0
override CPPFLAGS += -I. -MMD -MP -D_POSIX_C_SOURCE=200809L -DPURSEROLL_VERSION='"$(VERSION)"' $(PKG)
override LDFLAGS += -Wl,-z,relro,-z,now
override LDLIBS += $(PKG_LIBS) -lm -lcsv # libcsv ships no .pc file

# The rooms of the house, lowest first: a folder each, and what it may see of the others, which is
# all that it is linked with. Whatever else it calls or includes is an error of `make house`.
sees_model/protocol :=
sees_model/wire     := model/protocol
sees_model/decision := model/protocol
sees_sim/base       := model/protocol
sees_sim/measure    := $(sees_sim/base) sim/base
sees_sim/scenario   := $(sees_sim/measure) sim/measure
sees_sim/input      := $(sees_sim/scenario) sim/scenario
sees_sim/traffic    := $(sees_sim/scenario) sim/scenario
sees_sim/world      := $(sees_sim/traffic) sim/traffic model/wire model/decision
sees_sim/runs       := $(sees_sim/world) sim/world sim/input
sees_sim/study      := $(sees_sim/runs) sim/runs
sees_sim/cli        := $(sees_sim/study) sim/study
rooms := model/protocol model/wire model/decision sim/base sim/measure sim/scenario sim/input \
         sim/traffic sim/world sim/runs sim/study sim/cli
# Tests of what a scenario sets in motion write it as its file.
tests_read_sim/world := sim/input
# A room's library, lib/sim-base.a; those of several rooms, the highest first, as the linker wants.
lib       = $(BUILD)/lib/$(subst /,-,$(1)).a
reversed  = $(if $(1),$(call reversed,$(wordlist 2,99,$(1))) $(firstword $(1)))
libs      = $(foreach room,$(call reversed,$(filter $(1),$(rooms))),$(call lib,$(room)))
objects   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
program  := $(BUILD)/purseroll
bare_loop := $(BUILD)/tests/bench/bare_loop
# What tests of the model start from: all of them, and those that settle byte by byte.
fixture  := $(BUILD)/tests/model/fixture.o
fixtures := $(fixture) $(BUILD)/tests/model/world.o
# A test of a room stands in a folder of its name; those in tests/model and tests/sim see all of it.
model_tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/model/test_*.c))
tests    := $(model_tests) $(foreach room,$(rooms),$(patsubst %.c,$(BUILD)/%,$(wildcard tests/$(room)/test_*.c)))
sources  := $(sort $(shell find model sim tests -name '*.[ch]' 2>/dev/null))
scripts  := $(sort $(wildcard tests/*/test_*.py tests/*/*/test_*.py))
# A comma would end an argument of a function of make.
SANITIZERS := address,undefined
fuzz_build := build/fuzzer,$(SANITIZERS)
fuzzer    := $(fuzz_build)/tests/fuzz/fuzz_scenario
SECONDS   ?= 10
sanitized := $(patsubst $(BUILD)/%,$(BUILD)/$(SANITIZERS)/%,$(tests))
# One short line a file; V=1 shows the whole command.
Q         = $(if $(V),,@)
say       = $(if $(V),,@printf '  %-4s%s\n' $(1) $@;)
link      = $(call say,LD)$(CC) $(CFLAGS) $(LDFLAGS) $(filter %.o %.a,$^) $(LDLIBS) -o $@

all: $(program)

$(program): $(BUILD)/sim/cli/main.o $(call libs,$(rooms))
	$(link)
define room_rules
$(call lib,$(1)): $(filter-out %/main.o,$(call objects,$(1)))
$(BUILD)/tests/$(1)/%: $(BUILD)/tests/$(1)/%.o $(if $(filter model/wire,$(1)),$(fixtures),$(if $(filter model/%,$(1)),$(fixture))) \
    $(call libs,$(1) $(sees_$(1)) $(tests_read_$(1)))
	$$(link)
endef
$(foreach room,$(rooms),$(eval $(call room_rules,$(room))))
$(BUILD)/tests/model/%: $(BUILD)/tests/model/%.o $(fixtures) $(call libs,model/%)
	$(link)
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(call libs,sim/input $(sees_sim/input))
	$(link)
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o # it owes the program nothing
	$(link)
# Each room with all that is in it over what it may see, and nothing else.
house_of = $(BUILD)/house/$(subst /,-,$(1))
define house_rules
$(call house_of,$(1)): $(BUILD)/house/main.c $(call lib,$(1)) $(call libs,$(sees_$(1)))
	$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) $$< -Wl,--whole-archive $(call lib,$(1)) \
	    -Wl,--no-whole-archive $(call libs,$(sees_$(1))) $$(LDLIBS) -o $$@
	@echo '$(1) links over$(if $(sees_$(1)),: $(sees_$(1)), nothing)'
endef
$(foreach room,$(rooms),$(eval $(call house_rules,$(room))))
$(BUILD)/house/main.c:
	@mkdir -p $(@D)
	@echo 'int main(void) { return 0; }' >$@
$(BUILD)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

deps: ## install what is missing (Debian packages)
	@missing=; for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || \
	    missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if ! command -v apt-get >/dev/null; then \
	    echo "not a Debian machine: please see to what these packages hold:$$missing"; exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=sudo; \
	else echo "packages are missing; please run:"; \
	    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends$$missing"; \
	    exit 1; fi; \
	echo "installing$$missing"; \
	export DEBIAN_FRONTEND=noninteractive; \
	$$as_root apt-get -qq update && \
	$$as_root apt-get -qq install --yes --no-install-recommends $$missing >/dev/null

run: ## build, run SCENARIO (default: campus-rollover), draw its charts
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory -j$(CORES) all
	@$(program) run $(SCENARIO) --output $(RESULTS)
	@$(MAKE) --no-print-directory plots

plots: ## draw the charts of RESULTS, one folder of results or several, with their comparison
	@echo "charts:"
	@sh plots/draw.sh $(RESULTS)

gallery: $(program) ## draw the pictures of the README anew
	@sh plots/gallery.sh $(program) $(BUILD)/gallery

test: ## every test, and those in C again under the address and undefined sanitizers
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory deps PACKAGES='$(TEST_PACKAGES)' || \
	    echo "tests that need these are skipped"
	@$(MAKE) --no-print-directory -j$(CORES) programs
	@$(MAKE) --no-print-directory house
	@$(MAKE) --no-print-directory -j$(CORES) programs SAN=$(SANITIZERS)
	@! $(MAKE) --no-print-directory -s can-fuzz || \
	    $(MAKE) --no-print-directory -j$(CORES) fuzzers
	@! $(MAKE) --no-print-directory -s can-thread || \
	    $(MAKE) --no-print-directory -j$(CORES) threads
	@BUILD=$(BUILD) PYTHON=$(PYTHON) sh tests/run.sh $(scripts) $(tests) $(sanitized)

check: ## the tests in C alone, in a minute or two
	@$(MAKE) --no-print-directory -j$(CORES) programs
	@BUILD=$(BUILD) PYTHON=$(PYTHON) sh tests/run.sh $(tests)

programs: $(program) $(tests)

format: ## write every source as .clang-format says
	@clang-format -i --style=file $(sources)

tidy: ## look for mistakes with clang-tidy, as .clang-tidy says; QUICK=1: without its analyzer
	@$(MAKE) --no-print-directory -j$(CORES) --keep-going \
	    $(patsubst %,tidied/%,$(filter %.c,$(sources)))

# No file of that name is ever made: each is looked at every time.
tidied/%: %
	$(if $(V),,@printf '  TIDY %s\n' $*;) \
	said=$$(clang-tidy --quiet $(if $(QUICK),--checks='-clang-analyzer-*') $* -- \
	    $(CPPFLAGS) -std=c11 2>&1) || { echo "$$said"; exit 1; }

house: ## link every room over what it may see, and say what that is
	@rm -f $(foreach room,$(rooms),$(call house_of,$(room)))
	@$(MAKE) --no-print-directory $(foreach room,$(rooms),$(call house_of,$(room)))

mutants: programs ## break each rule in turn: every time a test must fail
	@BUILD=$(BUILD) $(PYTHON) tests/mutants/run.py

regress: $(program) ## every scenario against its reference in results/reference
	@BUILD=$(BUILD) $(PYTHON) tests/program/regress.py

# Both variables come from the command line, through the environment: a reason may hold quotes.
regress-accept: $(program) ## SCENARIO="NAME ..." or ALL, REASON="...": make results references
	@BUILD=$(BUILD) $(PYTHON) tests/program/regress.py accept "$${SCENARIO-}" "$${REASON-}"

crossing: $(program) ## COUNT (default: 1000) strange scenarios from SEED on: all files must agree
	@BUILD=$(BUILD) $(PYTHON) tests/program/crossing.py $(or $(SEED),1) $(or $(COUNT),1000)

fuzz: $(program) fuzzers ## feed the scenario reader with garbage for SECONDS (default: 10), or RUNS times
	@rm -rf $(fuzz_build)/corpus && mkdir -p $(fuzz_build)/corpus
	@cp scenarios/*.ini tests/fuzz/corpus/*.ini $(fuzz_build)/corpus
	@$(program) check --keys | sed -n 's/^| `\([^`]*\)`.*/"\1 = "/p; s/^### \(.*\)/"\1"/p' | \
	    sort -u >$(fuzz_build)/words
	G_SLICE=always-malloc $(fuzzer) -seed=1 \
	    $(if $(RUNS),-runs=$(RUNS),-max_total_time=$(SECONDS)) -max_len=8192 -timeout=600 \
	    -rss_limit_mb=1024 -dict=$(fuzz_build)/words -artifact_prefix=$(fuzz_build)/ \
	    -print_final_stats=1 $(fuzz_build)/corpus

fuzzers:
	@$(MAKE) --no-print-directory CC=clang SAN=fuzzer,$(SANITIZERS) BUILD=$(fuzz_build) $(fuzzer)

# Whether there is a clang that links fuzz targets.
can-fuzz:
	@mkdir -p $(fuzz_build)
	@echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	    clang -fsanitize=fuzzer,$(SANITIZERS) -x c - -o $(fuzz_build)/can-fuzz 2>/dev/null

# The program under the thread sanitizer, for tests/program/test_threads.py.
threads:
	@$(MAKE) --no-print-directory SAN=thread BUILD=build/thread build/thread/purseroll

# Whether there is a thread sanitizer, and whether it bears how this system lays out its memory.
can-thread:
	@mkdir -p build/thread
	@echo 'int main(void) { return 0; }' | \
	    $(CC) -fsanitize=thread -x c - -o build/thread/can-thread 2>/dev/null && \
	    build/thread/can-thread 2>/dev/null

bench: $(program) $(bare_loop) ## measure this machine, as ratios; QUICK=1: in a minute
	@$(program) bench crypto
	@BUILD=$(BUILD) $(PYTHON) tests/bench/engine.py $(if $(QUICK),--quick)
	@for format in svg png; do LC_ALL=C.UTF-8 gnuplot -e "results='$(BUILD)/bench'; \
	    out='$(BUILD)/bench/engine'; format='$$format'" plots/bench.gp || exit 1; \
	    echo $(BUILD)/bench/engine.$$format; \
	done

manual: $(program) ## print the list of keys into scenarios/README.md
	@awk -v keys='$(program) check --keys' '/^<!-- end of keys/ { skip = 0 } !skip { print } \
	    /^<!-- keys/ { while ((keys | getline line) > 0) print line; skip = 1 }' \
	    scenarios/README.md >$(BUILD)/manual && cp $(BUILD)/manual scenarios/README.md

install: $(program) ## into PREFIX (default: /usr/local)
	install -D $(program) $(DESTDIR)$(PREFIX)/bin/purseroll

clean: ## remove the build folder
	rm -rf build

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

.PHONY: all deps run plots gallery test check programs format tidy house mutants regress \
        regress-accept crossing fuzz fuzzers can-fuzz threads can-thread bench manual install clean help
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
