# purseroll: how fast a new key reaches the cards. `make help` lists the targets.

CC       ?= cc
CFLAGS   ?= -O2 -g
CFLAGS   += -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wvla -Werror=implicit-function-declaration -ffp-contract=off
CFLAGS   += $(SAN:%=-fsanitize=% -fno-sanitize-recover=all -fno-omit-frame-pointer)
BUILD    ?= build$(if $(SAN),/$(SAN))
PREFIX   ?= /usr/local
PYTHON   ?= python3
SCENARIO ?= scenarios/campus-rollover.ini
RESULTS  ?= $(patsubst scenarios/%.ini,results/%,$(SCENARIO))

# What a Debian machine needs: to build, to draw, to test.
PACKAGES := gcc make pkg-config libc6-dev libglib2.0-dev libsodium-dev libcsv-dev gnuplot-nox \
            fonts-dejavu-core python3-minimal

# Goals that need no library: they must work on a machine that has none yet.
ifneq ($(filter-out help deps clean,$(or $(MAKECMDGOALS),all)),)
PKG      := $(shell pkg-config --cflags glib-2.0 libsodium 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs glib-2.0 libsodium 2>/dev/null)
endif
VERSION  := 0.1.0
CPPFLAGS += -I. -MMD -MP -DPURSEROLL_VERSION='"$(VERSION)"' $(PKG)
LDLIBS   += $(PKG_LIBS) -lm -lcsv # libcsv ships no .pc file

objects   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
libmodel := $(BUILD)/libmodel.a
libsim   := $(BUILD)/libsim.a
program  := $(BUILD)/purseroll
tests    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/model/test_*.c tests/sim/test_*.c))
scripts  := $(wildcard tests/*/test_*.py)
link      = $(CC) $(CFLAGS) $(LDFLAGS) $(filter %.o %.a,$^) $(LDLIBS) -o $@

all: $(program)

$(program): $(BUILD)/sim/main.o $(libsim) $(libmodel)
	$(link)
# Without sim/: the linker guards the boundary.
$(BUILD)/tests/model/%: $(BUILD)/tests/model/%.o $(BUILD)/tests/model/fixture.o $(libmodel)
	$(link)
$(BUILD)/tests/sim/%: $(BUILD)/tests/sim/%.o $(libsim) $(libmodel)
	$(link)
$(libmodel): $(call objects,model/*.c)
$(libsim): $(filter-out %/main.o,$(call objects,sim/*.c))
$(libmodel) $(libsim):
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

deps: ## install what is missing (Debian packages)
	@sh tests/install-packages.sh $(PACKAGES)

run: ## build, run SCENARIO (default: campus-rollover), draw its charts
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory all
	@$(program) run $(SCENARIO)
	@$(MAKE) --no-print-directory plots

plots: ## draw the charts of RESULTS, a folder that a run has written
	@sh plots/draw.sh $(RESULTS)

test: ## every test; then the same under SAN=address,undefined
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory check-all

check-all: $(program) $(tests)
	@PYTHON=$(PYTHON) BUILD=$(BUILD) sh tests/run.sh $(tests) -- $(scripts)

test-programs: $(program) $(tests)

bench: $(program) ## speed of this machine, as ratios
	$(program) bench crypto

install: $(program)
	install -D $(program) $(DESTDIR)$(PREFIX)/bin/purseroll

clean: ## remove the build folder
	rm -rf build

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.PHONY: all deps run plots test check-all test-programs bench install clean help
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
