/*
 * Random clusters against naive rules: every step of every counter against
 * every Xid.
 */
#include "event/metric.h"
#include "pattern/pattern.h"

#include "base/test.h"

enum { NODES = 3, GPUS = 2, SAMPLES = 12, XIDS = 8, WINDOW = 60 };

static uint64_t seed;

static int
dice(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (int)((seed >> 33) % (unsigned)n);
}

static const uint32_t codes[] = {48, 63, 94, 95, 31};

struct xids {
	int t[XIDS], code[XIDS];
};
struct samples {
	int t[SAMPLES], v[SAMPLES], n;
};

/* "t:code:sum;" for each verdict, sorted by time */
static void
expect(struct buf *b, const struct samples *s, const struct xids *x)
{
	int sum[XIDS] = {0};

	for (int i = 1; i < s->n; i++) {
		int best = -1;

		for (int k = 0; k < XIDS; k++) {
			if (x->code[k] == 31 || x->t[k] < s->t[i - 1] || x->t[k] > s->t[i] + WINDOW)
				continue;
			if (best < 0 || x->t[k] < x->t[best])
				best = k;
		}
		if (best >= 0 && s->v[i] > s->v[i - 1])
			sum[best] += s->v[i] - s->v[i - 1];
	}
	for (int done = 0; done < XIDS; done++) { /* the times of one GPU's Xids ascend */
		if (!sum[done])
			continue;
		buf_i64(b, x->t[done]);
		buf_chr(b, ':');
		buf_i64(b, x->code[done]);
		buf_chr(b, ':');
		buf_i64(b, sum[done]);
		buf_chr(b, ';');
	}
}

static int64_t
member(const struct verdicts *vs, const struct verdict *v, struct str name)
{
	for (size_t i = v->item; i < v->item + v->nitem; i++)
		if (vs->item[i].name && str_eq(str_of(vs->item[i].name), name))
			return vs->item[i].n;
	return -1;
}

static struct str
text(const struct verdicts *vs, const struct verdict *v, struct str name)
{
	for (size_t i = v->item; i < v->item + v->nitem; i++)
		if (vs->item[i].name && str_eq(str_of(vs->item[i].name), name))
			return vs->item[i].s;
	return (struct str){0};
}

int
main(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct {
		uint64_t delta;
		int64_t window;
	} head = {1, WINDOW * SECOND}; /* the beginning of hbm_ecc.c's config */
	struct verdicts out = {0};
	struct buf scratch = {0}, notice = {0}, want = {0}, got = {0}, name = {0};
	struct mem mem = {0};
	unsigned char *config = mem_get(&mem, hbm_ecc.config_size, 1);
	struct program program = {.mem = &mem};
	size_t verdicts = 0;

	TEST("random clusters against naive rules");
	for (size_t i = 0; i < hbm_ecc.config_size; i++)
		config[i] = ((const unsigned char *)hbm_ecc.config)[i];
	for (size_t i = 0; i < sizeof(head); i++)
		config[i] = ((const unsigned char *)&head)[i];
	CHECK(hbm_ecc.setup(config, &program) == -1);
	for (seed = 1; seed < 2000; seed++) {
		uint64_t keep = seed;
		struct mem run = {0};
		struct settled settled;

		events_reset(&ev);
		verdicts_reset(&out);
		want.n = got.n = 0;
		for (int n = 0; n < NODES * GPUS; n++) {
			struct pci gpu = {.bus = (uint8_t)(1 + n % GPUS), .known = 1};
			struct samples s = {0};
			struct xids x;
			int t = dice(50), v = dice(3);

			name.n = 0;
			buf_add(&name, S("n"));
			buf_i64(&name, n / GPUS);
			for (s.n = 0; s.n < SAMPLES; s.n++) {
				s.t[s.n] = t += 1 + dice(40);
				v = dice(9) ? v + (dice(4) == 0) * (1 + dice(2)) : 0;
				s.v[s.n] = v;
				events_add(&ev, EVENT_SAMPLE, &(struct sample){
					.e = {.t = t * SECOND, .node = events_node(&ev, buf_str(&name))},
					.value = v, .start = NO_TIME, .gpu = gpu, .index = -1, .field = METRIC_ECC_DBE_VOL,
				});
			}
			t = dice(100);
			for (int k = 0; k < XIDS; k++) {
				x.t[k] = t += 1 + dice(60);
				x.code[k] = (int)codes[dice(NELEM(codes))];
				events_add(&ev, EVENT_XID, &(struct xid){
					.e = {.t = t * SECOND, .node = events_node(&ev, buf_str(&name))},
					.gpu = gpu, .code = (uint32_t)x.code[k] & XID_CODE,
				});
			}
			expect(&want, &s, &x);
			buf_chr(&want, '|');
		}
		events_sort(&ev);
		notice.n = 0;
		settled = settle(&ev, (struct str){0}, &run);
		hbm_ecc.detect(&(struct detection){
			.ev = &ev, .settled = &settled, .names = &ev.names, .spare = &ev.scratch, .config = config, .out = &out, .notice = &notice, .scratch = &scratch, .mem = &run,
		});
		verdicts += out.n;
		for (int n = 0; n < NODES * GPUS; n++) {
			for (size_t i = 0; i < out.n; i++) {
				struct str node = text(&out, &out.v[i], S("node")), id = text(&out, &out.v[i], S("gpu_id"));
				const struct evidence *e = &out.ev[out.v[i].ev];

				if (node.p[1] != '0' + n / GPUS || id.p[6] != '1' + n % GPUS)
					continue;
				if (!str_eq(e->kind, S("kernel_event")))
					e++;
				buf_i64(&got, e->t / SECOND);
				buf_chr(&got, ':');
				buf_i64(&got, member(&out, &out.v[i], S("xid_code")));
				buf_chr(&got, ':');
				buf_i64(&got, member(&out, &out.v[i], S("ecc_delta")));
				buf_chr(&got, ';');
			}
			buf_chr(&got, '|');
		}
		CHECK_ROW(keep, str_eq(buf_str(&want), buf_str(&got)));
		mem_free(&run);
		seed = keep;
		if (test_case_bad > 5)
			break;
	}
	CHECK(verdicts > 2000);

	events_free(&ev);
	verdicts_free(&out);
	mem_free(&mem);
	buf_free(&scratch);
	buf_free(&notice);
	buf_free(&want);
	buf_free(&got);
	buf_free(&name);
	return test_done();
}
