# GNU make.  Works without ./configure; config.mk, if present, overrides.
# nothing here is made by the rules that make knows, and looking for them takes seconds
MAKEFLAGS += -r
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
# Hardened as far as the compiler can; fortified where that means anything.
can = $(shell printf '\043include <stdio.h>\n' | $(CC) -Werror $1 -x c -c -o /dev/null - 2>/dev/null && echo '$1')
HARDEN := -fPIE -fstack-protector-strong $(call can,-fstack-clash-protection) $(call can,-fcf-protection)
HARDEN_LD = -pie -Wl,-z,relro,-z,now
ifneq ($(filter -O1 -O2 -O3 -Os,$(CFLAGS)),)
ifeq ($(findstring -fsanitize,$(CFLAGS)),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(call can,-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3),3,2)
endif
endif
# files beyond 2 GB and times beyond 2038 where long has 32 bits, too
CPPFLAGS_ALL = -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DVERSION='"$(VERSION)"' -Ilib $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(WARN) $(HARDEN) $(CFLAGS)
LDFLAGS_ALL = $(HARDEN_LD) $(LDFLAGS)

CMD = $(patsubst cmd/%.c,%,$(wildcard cmd/*.c))
LIB = $(filter-out %_test.c %_fuzz.c,$(sort $(wildcard lib/*/*.c lib/*/*/*.c)))
OBJ = $(LIB:%.c=$(O)/%.o)
FUZZ = $(patsubst %_fuzz.c,%,$(sort $(wildcard lib/*/*_fuzz.c lib/*/*/*_fuzz.c)))
PAGES = $(wildcard man/*.[157])
SCHEMAS = $(wildcard man/schema/*.json)
TESTS = $(patsubst %.c,$(O)/%,$(sort $(wildcard lib/*/*_test.c lib/*/*/*_test.c)))

# V=1 shows the commands
Q = $(if $(V),,@)
SAY = $(if $(V),,@echo "  $1" $@)

all: $(CMD:%=$(O)/%) $(PAGES:%=$(O)/%) $(SCHEMAS:man/%=$(O)/%)

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
$(O)/bench/%: $(O)/bench/%.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/bench/detectors: LDFLAGS_ALL += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
# calls that test/faults.c makes fail
FAULTS = realloc read write openat openat64 close regcomp poll
$(O)/faults: $(O)/test/faults.o $(O)/test/jail.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(FAULTS:%=-Wl,--wrap=%) -o $@ $^ $(LDLIBS)
# clocks and reads that the test makes up
$(O)/lib/filter/follow_test: LDFLAGS_ALL += -Wl,--wrap=clock_gettime,--wrap=__clock_gettime64,--wrap=read
# jsmn.h is not ours to keep free of conversions
$(O)/lib/json/jsmn.o $(O)/lib/json/json_test.o $(O)/bench/jsmn.o: WARN += -Wno-conversion -Wno-sign-compare

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

# Every suite prints TAP, which test/run.sh counts.
check: all $(O)/bench/gen $(O)/completions $(O)/json-check $(O)/decode $(O)/clusters $(O)/faults $(O)/killed $(O)/adversarial $(TESTS) $(FUZZ:%=$(O)/%_fuzz)
	@O=$(O) BATS=$(BATS) test/run.sh $(TESTS) $(FUZZ:%=$(O)/%_fuzz)

# libFuzzer for T seconds each, or RUNS runs; seeds are in testdata/fuzz/<target>.
$(O)/%_fuzz: $(O)/%_fuzz.o $(O)/test/fuzz-main.o $(O)/lib.a
	$(call SAY,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
$(O)/%_libfuzz: $(O)/%_fuzz.o $(O)/lib.a
	$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)
fuzz:
	$(MAKE) O=$(O)/fuzz CC=clang CPPFLAGS='$(CPPFLAGS) -DCHUNK_IN=1024' CFLAGS='-O1 -g $(SAN) -fsanitize=fuzzer-no-link' $(FUZZ:%=$(O)/fuzz/%_libfuzz)
	O=$(O) T=$(T) LEN=$(LEN) RUNS=$(RUNS) test/fuzz.sh $(FUZZ)

# Rewrite the golden files; then read the diff.
golden: all
	$(O)/golden-replay -u

# Rewrite the generated incidents; then read the diff.
incidents:
	python3 test/incidents.py

# N random scenarios of each filter, from SEED on
properties: all
	test/properties.py -n=$(or $(N),1000) --seed=$(or $(SEED),1) $(O)
	test/oracle.py -n=$(or $(N),1000) --seed=$(or $(SEED),1) $(O)
# gcc, clang, -O0, -O3, 32 bits: the same bytes
same-bytes: all
	@O=$(O) N=$(or $(N),100) MAKE='$(MAKE)' test/same-bytes.sh

# Against real lines and peers' cases, which are not in the repository.
corpus: all $(O)/decode
	test/corpus.py $(or $(CORPUS),../shared) $(O)
	test/corpus_evicted.py $(or $(CORPUS),../shared) $(O)
	test/corpus_metrics.py $(or $(CORPUS),../shared) $(O)
	test/corpus_aer.py $(or $(CORPUS),../shared) $(O)
	test/corpus_nccl.py $(or $(CORPUS),../shared) $(O)

SAN = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan:
	SANITIZED=1 $(MAKE) O=$(O)/asan CFLAGS='-O1 -g $(SAN)' check
memcheck:
	$(MAKE) O=$(O)/memcheck CFLAGS='-O1 -g' all $(TESTS:$(O)/%=$(O)/memcheck/%) $(FUZZ:%=$(O)/memcheck/%_fuzz)
	@O=$(O)/memcheck VALGRIND=1 test/run.sh $(TESTS:$(O)/%=$(O)/memcheck/%) $(FUZZ:%=$(O)/memcheck/%_fuzz)
cover:
	$(MAKE) O=$(O)/cover CFLAGS='-O0 -g --coverage' check
	@gcov -n -b $(LIB:%.c=$(O)/cover/%.o) 2>/dev/null | test/cover.awk >$(O)/cover.txt; enough=$$?; sort -n $(O)/cover.txt; exit $$enough

bench: all $(O)/bench/gen $(O)/bench/detectors $(O)/bench/jsmn $(O)/bench/screen
	@O=$(O) bench/run.sh
	@$(O)/bench/detectors | awk -F'\t' '{ printf "%-20s %d records, %d verdicts: %d allocations, %d bytes, %d us a pass\n", $$1, $$2, $$3, $$4, $$5, $$6 / 1000 }'
bench-check: all $(O)/bench/gen $(O)/bench/detectors
	O=$(O) bench/check.sh

# 10^4 to 10^7 events, a 10 GB dump: an hour; FILTER=name: one of them
bench-scale: all $(O)/bench/gen $(O)/clusters
	@O=$(O) FILTER=$(FILTER) bench/scale.sh
# The screen against others; HS=1: Hyperscan, too (libhyperscan-dev)
bench-screen: $(O)/bench/gen $(O)/bench/screen
	@$(O)/bench/gen journal 300M >$(O)/bench/journal
	@$(O)/bench/screen xid-correlate $(O)/bench/journal; rm -f $(O)/bench/journal
$(O)/bench/screen: LDLIBS += $(if $(HS),-lhs)
$(O)/bench/screen.o: CPPFLAGS += $(if $(HS),-DHS)

lint: $(OBJ) $(PAGES:%=$(O)/%)
	mandoc -T lint -W warning $(PAGES:%=$(O)/%)
	shellcheck bootstrap.sh debian/build.sh share/recipes/cron-job share/recipes/ci-incidents share/recipes/post-mortem test/*.sh bench/*.sh .ci/*
	@awk -f test/layers.awk $(wildcard lib/*/*.[ch] lib/*/*/*.[ch] cmd/*.c)
	@nm -APg $(OBJ) | awk -f test/circles.awk test/circles.known -
	test/laws.sh

# N faults, by chance from SEED, in the library: does a test turn red?
mutate:
	python3 test/mutate.py -o $(O)/mutate -n $(or $(N),100) -s $(or $(SEED),1)
analyze:
	CPPFLAGS='$(CPPFLAGS)' test/analyze.sh

# A page and the parts that several pages have in common.
$(O)/man/%: man/% man/join.awk VERSION $(wildcard man/*/*.mdoc man/*.1)
	@mkdir -p $(@D)
	$(call SAY,AWK)
	$(Q)cd man && awk -v version=$(VERSION) -f join.awk $* >$(abspath $@)

# A schema; the one that all verdicts share lists the patterns of the others.
$(O)/schema/%: man/schema/% man/schema/join.awk $(SCHEMAS)
	@mkdir -p $(@D)
	$(call SAY,AWK)
	$(Q)awk -f man/schema/join.awk $(filter-out $<,$(SCHEMAS)) $< >$@

# From --help, which comes from the option tables.
$(O)/completions: $(CMD:%=$(O)/%) share/completions.awk
	$(call SAY,AWK)
	$(Q)rm -rf $@ && mkdir -p $@/bash $@/zsh $@/fish
	$(Q)for c in $(CMD); do \
		for to in bash:$$c zsh:_$$c fish:$$c.fish; do \
			$(O)/$$c --help | awk -v prog=$$c -v shell=$${to%:*} -f share/completions.awk >$@/$${to%:*}/$${to#*:} || exit; \
		done; \
	done

# Where each kind of file goes.
DIR_man1 = $(mandir)/man1
DIR_man5 = $(mandir)/man5
DIR_man7 = $(mandir)/man7
DIR_bash = $(datadir)/bash-completion/completions
DIR_zsh = $(datadir)/zsh/site-functions
DIR_fish = $(datadir)/fish/vendor_completions.d
SHARE = $(datadir)/inquest
NO_PROGRAM = %.jq %.json %.yaml %/Containerfile
install: all $(O)/completions
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(SHARE)/schema $(DESTDIR)$(SHARE)/recipes
	$(INSTALL) $(CMD:%=$(O)/%) $(DESTDIR)$(bindir)
	$(INSTALL) -m 644 $(SCHEMAS:man/%=$(O)/%) $(DESTDIR)$(SHARE)/schema
	$(INSTALL) $(filter-out $(NO_PROGRAM),$(wildcard share/recipes/*)) $(DESTDIR)$(SHARE)/recipes
	$(INSTALL) -m 644 $(filter $(NO_PROGRAM),$(wildcard share/recipes/*)) $(DESTDIR)$(SHARE)/recipes
	$(foreach n,1 5 7,$(INSTALL) -d $(DESTDIR)$(DIR_man$n) && $(INSTALL) -m 644 $(filter %.$n,$(PAGES:%=$(O)/%)) $(DESTDIR)$(DIR_man$n) &&) :
	$(foreach s,bash zsh fish,$(INSTALL) -d $(DESTDIR)$(DIR_$s) && $(INSTALL) -m 644 $(O)/completions/$s/* $(DESTDIR)$(DIR_$s) &&) :
uninstall:
	rm -f $(CMD:%=$(DESTDIR)$(bindir)/%) $(foreach n,1 5 7,$(patsubst man/%,$(DESTDIR)$(DIR_man$n)/%,$(filter %.$n,$(PAGES))))
	rm -f $(CMD:%=$(DESTDIR)$(DIR_bash)/%) $(CMD:%=$(DESTDIR)$(DIR_zsh)/_%) $(CMD:%=$(DESTDIR)$(DIR_fish)/%.fish)
	rm -rf $(DESTDIR)$(SHARE)

configure: configure.ac VERSION
	autoconf
# The sources of the last commit, and ./configure; TOOLS says what made that.
# The same commit and tools give the same bytes.
DIST = inquest-$(VERSION)
dist: configure
	@[ -e .git ] || { echo 'make dist: needs the git repository' >&2; exit 1; }
	rm -rf $(O)/$(DIST) && mkdir -p $(O)/$(DIST)
	git archive HEAD | tar -xf - -C $(O)/$(DIST)
	cp configure $(O)/$(DIST)
	for tool in autoconf m4 tar gzip; do $$tool --version | head -n 1; done >$(O)/$(DIST)/TOOLS
	tar --format=ustar --sort=name --mtime=@$$(git log -1 --format=%ct) --mode=u=rwX,go=rX --owner=0 --group=0 --numeric-owner \
		-C $(O) -cf - $(DIST) | gzip -9n >$(DIST).tar.gz
distcheck: dist
	+.ci/distcheck $(DIST).tar.gz

# What a maintainer publishes, in build/release, and its tag
release:
	+.ci/release

# One binary per program that needs no library where it runs.  musl's compiler,
# where there is one, has none of what unpacks compressed input; another, such
# as STATIC_CC=gcc, takes what there is as .a.
STATIC_CC ?= $(if $(shell command -v musl-gcc),musl-gcc,$(CC))
# musl-gcc links no static PIE by itself
STATIC_PIE = $(if $(findstring musl-gcc,$(STATIC_CC)),-static -nostartfiles \
	-Wl$(comma)-pie$(comma)--no-dynamic-linker$(comma)-z$(comma)text -l:rcrt1.o -l:crti.o -l:crtn.o,-static-pie)
comma := ,
static:
	@mkdir -p $(O)/static/include
	cp "$$(echo '#include <jsmn.h>' | $(CC) $(CPPFLAGS) -M -x c - | tr ' ' '\n' | grep 'jsmn\.h$$')" $(O)/static/include
	$(MAKE) O=$(O)/static CC='$(STATIC_CC)' CPPFLAGS='-isystem $(O)/static/include' HARDEN='-fPIE -fstack-protector-strong' \
		HARDEN_LD='-Wl,-z,relro,-z,now' LDFLAGS='-s $(STATIC_PIE)' LDLIBS= all

# A Debian package, in the top folder.
deb:
	@command -v dpkg-shlibdeps >/dev/null || { echo 'make deb: dpkg-shlibdeps is missing (dpkg-dev): ./bootstrap.sh deb installs it' >&2; exit 2; }
	rm -rf $(O)/deb $(O)/deb-root
	$(MAKE) O=$(O)/deb prefix=/usr bindir=/usr/bin datadir=/usr/share mandir=/usr/share/man DESTDIR=$(O)/deb-root \
		CFLAGS='-O2 -g -ffile-prefix-map=$(CURDIR)=.' install
	debian/build.sh $(O)/deb-root

check-packages: all static deb
	O=$(O) $(BATS) test/packages.bats

# Slurm's and Dask's own programs, on this machine; each says what it needs
check-slurm: all
	O=$(O) test/check-slurm.sh
check-dask: all $(O)/bench/gen
	O=$(O) test/check-dask.sh $(SIZE)

clean:
	rm -rf $(O)
-include $(patsubst %.c,$(O)/%.d,$(wildcard bench/*.c cmd/*.c lib/*/*.c lib/*/*/*.c test/*.c))
.PHONY: all analyze asan bench bench-check bench-scale bench-screen check check-dask check-packages check-slurm clean clusters corpus cover deb decode dist distcheck fuzz golden incidents install json-check lint memcheck mutate properties release same-bytes static uninstall
.SECONDARY:
.DELETE_ON_ERROR:
