# GNU make.  Works without ./configure; config.mk, if present, overrides.
VERSION := $(shell cat VERSION)
O ?= build
prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man

CFLAGS ?= -O2 -g
AR ?= ar
BATS ?= bats
INSTALL ?= install
-include config.mk

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla
HARDEN = -fPIE -fstack-protector-strong
HARDEN_LD = -pie -Wl,-z,relro,-z,now
CPPFLAGS_ALL = -D_POSIX_C_SOURCE=200809L -DVERSION='"$(VERSION)"' -Ilib $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(WARN) $(HARDEN) $(CFLAGS)
LDFLAGS_ALL = $(HARDEN_LD) $(LDFLAGS)

CMD = $(patsubst cmd/%.c,%,$(wildcard cmd/*.c))
LIB = $(filter-out %_test.c %_fuzz.c,$(wildcard lib/*.c lib/*/*.c))
OBJ = $(LIB:%.c=$(O)/%.o)
FUZZ = $(patsubst %_fuzz.c,%,$(wildcard lib/*_fuzz.c lib/*/*_fuzz.c))
TESTS = $(patsubst %.c,$(O)/%,$(wildcard lib/*_test.c lib/*/*_test.c))

# V=1 shows the commands
Q = $(if $(V),,@)
SAY = $(if $(V),,@echo "  $1" $@)

all: $(CMD:%=$(O)/%)

$(O)/lib.a: $(OBJ)
	$(call SAY,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $(OBJ)
$(O)/%.o: %.c Makefile $(wildcard config.mk)
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
$(O)/%: $(O)/cmd/%.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/%_test: $(O)/%_test.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/%: $(O)/test/%.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/bench/gen: $(O)/bench/gen.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/bench/detectors: $(O)/bench/detectors.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc -o $@ $^ $(LDLIBS)
# calls that test/faults.c makes fail
FAULTS = malloc calloc realloc read write openat close regcomp
$(O)/faults: $(O)/test/faults.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(FAULTS:%=-Wl,--wrap=%) -o $@ $^ $(LDLIBS)
# jsmn.h is not ours to keep free of conversions
$(O)/lib/input/json.o: WARN += -Wno-conversion -Wno-sign-compare

# What unpacks compressed input, as far as it is there; WITHOUT=zstd leaves it
# out.  The test program says what the compiler and the linker find.
ifneq ($(MAKECMDGOALS),clean)
-include $(O)/pack.mk
endif
$(O)/pack.mk: Makefile $(wildcard config.mk)
	@mkdir -p $(@D)
	@set zlib z zlibVersion zstd zstd ZSTD_versionNumber lzma lzma lzma_version_number; \
	while [ $$# -gt 0 ]; do \
		case ' $(WITHOUT) ' in *" $$1 "*) ;; *) \
			printf '#include <%s.h>\nint main(void) { return !%s(); }\n' $$1 $$3 | \
				$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -x c -o $@.out - -l$$2 2>$@.log && \
				echo "PACK += -DHAVE_$$1" && echo "PACK_LIBS += -l$$2" ;; \
		esac; \
		shift 3; \
	done >$@
$(O)/lib/base/unpack.o $(O)/lib/base/unpack_test.o: $(O)/pack.mk
$(O)/lib/base/unpack.o $(O)/lib/base/unpack_test.o: CPPFLAGS += $(PACK)
override LDLIBS += $(PACK_LIBS)

json-check decode clusters: %: $(O)/%

# Every suite prints TAP; test/tally counts. The last line is the sum.
check: all $(O)/json-check $(O)/decode $(O)/clusters $(O)/faults $(TESTS) $(FUZZ:%=$(O)/%_fuzz)
	@O=$(O) BATS=$(BATS) test/run.sh $(TESTS) $(FUZZ:%=$(O)/%_fuzz)

# libFuzzer for T seconds each; seeds are in testdata/fuzz/<target>.
$(O)/%_fuzz: $(O)/%_fuzz.o $(O)/test/fuzz-main.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/%_libfuzz: $(O)/%_fuzz.o $(O)/lib.a
	$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)
fuzz:
	$(MAKE) O=$(O)/fuzz CC=clang CFLAGS='-O1 -g $(SAN) -fsanitize=fuzzer-no-link' $(FUZZ:%=$(O)/fuzz/%_libfuzz)
	for t in $(FUZZ); do mkdir -p $(O)/corpus/$${t##*/} && \
		$(O)/fuzz/$${t}_libfuzz -max_total_time=$(or $(T),60) -timeout=20 -rss_limit_mb=2048 -max_len=$(or $(LEN),8192) \
		-artifact_prefix=$(O)/crash-$${t##*/}- $(O)/corpus/$${t##*/} testdata/fuzz/$${t##*/} || exit 1; done

# Rewrite the golden files; then read the diff.
golden: all
	$(O)/golden-replay -u

# Write the generated incidents anew; then read the diff.
incidents:
	python3 test/incidents.py

# Against real lines and peers' cases, which are not in the repository.
corpus: all $(O)/decode
	test/corpus.py $(or $(CORPUS),../shared) $(O)
	test/corpus_evicted.py $(or $(CORPUS),../shared) $(O)
	test/corpus_metrics.py $(or $(CORPUS),../shared) $(O)
	test/corpus_aer.py $(or $(CORPUS),../shared) $(O)
	test/corpus_nccl.py $(or $(CORPUS),../shared) $(O)

SAN = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan:
	$(MAKE) O=$(O)/asan CFLAGS='-O1 -g $(SAN)' check
memcheck:
	$(MAKE) O=$(O)/memcheck CFLAGS='-O1 -g' all $(TESTS:$(O)/%=$(O)/memcheck/%) $(FUZZ:%=$(O)/memcheck/%_fuzz)
	@O=$(O)/memcheck VALGRIND=1 test/run.sh $(TESTS:$(O)/%=$(O)/memcheck/%) $(FUZZ:%=$(O)/memcheck/%_fuzz)
cover:
	$(MAKE) O=$(O)/cover CFLAGS='-O0 -g --coverage' check
	@gcov -n $(LIB:%.c=$(O)/cover/%.o) 2>/dev/null | test/cover.awk | sort -n

bench: all $(O)/bench/gen $(O)/bench/detectors
	@O=$(O) bench/run.sh
	@$(O)/bench/detectors | awk -F'\t' '{ printf "%-20s %d records, %d verdicts: %d allocations, %d bytes, %d us a pass\n", $$1, $$2, $$3, $$4, $$5, $$6 / 1000 }'
bench-check: all $(O)/bench/gen $(O)/bench/detectors
	O=$(O) bench/check.sh

lint:
	mandoc -T lint -W warning man/*.1
	shellcheck bootstrap.sh test/*.sh bench/*.sh .ci/run
	@awk -f test/layers.awk $(wildcard lib/*.[ch] lib/*/*.[ch] cmd/*.c)
	test/laws.sh

install: all
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(datadir)/inquest/schema
	$(INSTALL) $(CMD:%=$(O)/%) $(DESTDIR)$(bindir)
	$(INSTALL) -m 644 man/*.1 $(DESTDIR)$(mandir)/man1
	$(INSTALL) -m 644 man/schema/*.json $(DESTDIR)$(datadir)/inquest/schema
uninstall:
	rm -f $(CMD:%=$(DESTDIR)$(bindir)/%) $(patsubst man/%,$(DESTDIR)$(mandir)/man1/%,$(wildcard man/*.1))
	rm -rf $(DESTDIR)$(datadir)/inquest

configure: configure.ac VERSION
	autoconf
DIST = inquest-$(VERSION)
dist: configure
	@[ -e .git ] || { echo 'make dist: needs the git repository' >&2; exit 1; }
	rm -rf $(O)/$(DIST) && mkdir -p $(O)/$(DIST)
	git ls-files >$(O)/$(DIST).files
	tar -cf - -T $(O)/$(DIST).files | tar -xf - -C $(O)/$(DIST)
	cp configure $(O)/$(DIST)
	tar --sort=name --mtime=@$$(git log -1 --format=%ct) --owner=0 --group=0 --numeric-owner -C $(O) -czf $(DIST).tar.gz $(DIST)

clean:
	rm -rf $(O)
-include $(patsubst %.c,$(O)/%.d,$(wildcard cmd/*.c lib/*.c lib/*/*.c test/*.c))
.PHONY: all asan bench bench-check check clean clusters corpus cover decode dist fuzz golden incidents install json-check lint memcheck uninstall
.SECONDARY:
