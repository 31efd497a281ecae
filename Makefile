# teamdues: `make help` lists the targets.

# As many compilers as there are processors; -j on the command line wins.
ifeq ($(MAKELEVEL)$(filter -j% --jobs%,$(MAKEFLAGS)),0)
MAKEFLAGS += --jobs=$(shell nproc)
endif

BUILD := build
RUN_DIR ?= run
PORT ?= 8443
export BUILD RUN_DIR PORT
CC ?= cc
PKGS := libpq libcurl openssl json-c fcgi libqrencode

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
	-Wformat-signedness -Wmissing-prototypes -Wstrict-prototypes \
	-Wwrite-strings -Wcast-qual -Wvla -Wundef -Wnull-dereference \
	-Wimplicit-fallthrough -Werror
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection
CFLAGS ?= -O2 -g

# Asked of pkg-config once, when first needed: on a bare machine that is after
# `deps` has installed it.
once = $(eval $(1) := $$(shell $(2)))$($(1))
PKG_CFLAGS = $(call once,PKG_CFLAGS,pkg-config --cflags $(PKGS))
LIBS = $(call once,LIBS,pkg-config --libs $(PKGS))

ALL_CPPFLAGS = -std=c17 -D_POSIX_C_SOURCE=200809L -Ilib $(CPPFLAGS) \
	$(PKG_CFLAGS)
ALL_CFLAGS = $(WARNINGS) $(HARDENING) -pthread -fPIC $(CFLAGS)
ALL_LDFLAGS = -pthread -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS)

LIB_SOURCES := $(wildcard lib/*/*.c lib/*/*/*.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
PROGRAM_SOURCES := $(wildcard cgi-bin/*.c cgi-bin/*/*.c)
PROGRAMS := $(PROGRAM_SOURCES:%.c=$(BUILD)/%)
COMMAND_SOURCES := $(wildcard runbook/*.c runbook/command/*.c \
	runbook/command/*/*.c)
COMMAND_OBJECTS := $(COMMAND_SOURCES:%.c=$(BUILD)/%.o)
SQL_FILES := $(sort $(wildcard sql/migrations/*.sql sql/functions/*.sql sql/*.sql))

# What is made is named; with V=1 the command is shown instead.
Q = $(if $(V),,@echo '  $@';)

.PHONY: all programs objects deps deps-build deps-run deps-test deps-bench \
	deps-package deps-lint up demo down test soak diagram lint sanitize \
	clean help
.DEFAULT_GOAL := all

all: programs ## build everything
	@tests/lint/mint-check.sh $(BUILD)

objects: $(LIB_OBJECTS) $(COMMAND_OBJECTS) \
	$(PROGRAM_SOURCES:%.c=$(BUILD)/%.o) ## compile all, and link nothing

programs: $(BUILD)/libteamdues.so $(PROGRAMS) \
	$(BUILD)/teamdues ## build everything, and leave the mint check out

$(BUILD)/libteamdues.so: $(LIB_OBJECTS) $(BUILD)/sql_files.o
	$(Q)$(CC) -shared $(ALL_LDFLAGS) -Wl,-soname,$(@F) -Wl,--no-undefined \
		-o $@ $^ $(LIBS)

$(BUILD)/cgi-bin/%: $(BUILD)/cgi-bin/%.o $(BUILD)/libteamdues.so
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $< $(BUILD)/libteamdues.so $(LIBS) \
		-Wl,-rpath,'$$ORIGIN/$(if $(findstring /,$*),../..,..)'

COMMAND_PARTS := $(COMMAND_OBJECTS) $(BUILD)/program_names.o

$(BUILD)/teamdues: $(COMMAND_PARTS) $(BUILD)/libteamdues.so
	$(Q)$(CC) $(ALL_LDFLAGS) -pie -o $@ $(filter %.o,$^) \
		$(BUILD)/libteamdues.so $(LIBS) -Wl,-rpath,'$$ORIGIN'

# Whose health doctor asks for: the programs, as their sockets are called.
$(BUILD)/program_names.c: $(PROGRAM_SOURCES)
	@mkdir -p $(@D)
	$(Q){ echo '#include "kit/notice.h"'; \
		echo 'const char *const notice_programs[] = {'; \
		printf '"%s",\n' $(subst /,-,$(PROGRAM_SOURCES:cgi-bin/%.c=%)); \
		echo 'NULL };'; } > $@.new && mv $@.new $@

$(BUILD)/program_names.o: $(BUILD)/program_names.c | deps-build
	$(Q)$(CC) $(ALL_CPPFLAGS) -Irunbook/command $(ALL_CFLAGS) -c -o $@ $<

# The binaries carry the SQL that they were built with: `teamdues migrate` and
# the schema version of /healthz cannot differ from the programs.
$(BUILD)/sql_files.c: sql/embed.awk $(SQL_FILES)
	@mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f sql/embed.awk $(SQL_FILES) > $@.new && mv $@.new $@

$(BUILD)/sql_files.o: $(BUILD)/sql_files.c | deps-build
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(BUILD)/%.o: %.c | deps-build
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(LIB_OBJECTS:.o=.d) $(COMMAND_OBJECTS:.o=.d) \
	$(PROGRAM_SOURCES:%.c=$(BUILD)/%.d)

deps: ## install the Debian packages that building, running and testing need
	@tests/stack/deps.sh build run test

deps-build deps-run deps-test deps-bench deps-package \
	deps-lint: ## install the Debian packages of one group only
	@tests/stack/deps.sh $(@:deps-%=%)

# One apt at a time under make -j.
deps-run: | deps-build
deps-test: | deps-run
deps-bench: | deps-run
deps-package: | deps-build
deps-lint: | deps-build

up: all deps-run ## start the system with an empty database, on PORT, under RUN_DIR
	@tests/stack/up.sh

demo: all deps-run ## the same with a demo club: play the main job, print what happened
	@tests/stack/up.sh
	@tests/stack/demo.sh

down: ## stop what up or demo started under RUN_DIR
	@tests/stack/down.sh

include tests/unit/unit.mk tests/system/system.mk tests/bench/bench.mk \
	runbook/package/package.mk

test: all deps-test $(SYSTEM_TESTS) bench-programs ## run every test, each against a stack of its own
	+@MAKE='$(MAKE)' tests/stack/test.sh

soak: all $(SOAK_TESTS) ## run the random and concurrent tests for long
	@failed=; for test in $(SOAK_TESTS); do \
		$(SOAK) tests/stack/with-stack.sh soak-$${test##*/} $$test \
			|| failed=1; \
	done; [ -z "$$failed" ]

diagram: all deps-test ## draw sql/tables.svg anew, from the catalogue of a database
	@tests/stack/with-stack.sh diagram sh -c \
		'. $$TEAMDUES_RUN_DIR/env && sql/diagram.sh "$$OWNER_DATABASE_URL"' \
		>$(BUILD)/tables.svg && mv $(BUILD)/tables.svg sql/tables.svg

lint: deps-lint ## check the source: two compilers, clang-tidy, cppcheck, house rules
	+@MAKE='$(MAKE)' CC='$(CC)' CPPFLAGS='$(ALL_CPPFLAGS)' tests/lint/lint.sh

# _FORTIFY_SOURCE would hide overflows from AddressSanitizer.  Tests that weigh
# or time a program look at TEAMDUES_SANITIZE.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined

sanitize: ## run every test under AddressSanitizer and UBSan
	+@TEAMDUES_SANITIZE=1 ASAN_OPTIONS=detect_leaks=1 \
		UBSAN_OPTIONS=print_stacktrace=1 \
		$(MAKE) --no-print-directory test BUILD=$(BUILD)/sanitize \
		CFLAGS='-O1 -g -fno-omit-frame-pointer $(SANITIZE)' \
		HARDENING= LDFLAGS='$(SANITIZE)'

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## list the targets
	@awk -f tests/lint/help.awk $(filter-out %.d,$(MAKEFILE_LIST))
