/*
 * Random clusters against naive rules: every step of every counter against
 * every Xid.
 */
#include "event/metric.h"
#include "filter/test_run.h"
#include "pattern/pattern.h"

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

/* ---- rows of lines ---- */

#define DAY "2026-03-04T05:"
#define KERNEL(node, at, text) DAY at "Z " node " kernel: " text "\n"
#define XID(bus, at, code, text) KERNEL("a", at, "NVRM: Xid (PCI:0000:" bus ":00): " code ", " text)
#define X(at, code, text) XID("3b", at, code, text)
#define M(node, bus, at, name, value) "{'metric.name':'DCGM_FI_DEV_" name "','value':" value ",'gpu.id':'0000:" bus ":00.0','host.name':'" node "','time':'" DAY at "Z'}\n"
#define C(name, at, value) M("a", "3b", at, name, value)
#define ANY_(at, value) C("ECC_DBE_VOL_TOTAL", at, value)
#define DRAM_(at, value) C("ECC_DBE_VOL_DEV", at, value)
#define SRAM_(at, value) C("ECC_DBE_VOL_SRM", at, value)
#define ROWS_(at, value) C("UNCORRECTABLE_REMAPPED_ROWS", at, value)
#define PAGES_(at, value) C("RETIRED_DBE", at, value)
#define GREW ANY_("00:00", "0") ANY_("00:30", "1")
#define LOADED(at) KERNEL("a", at, "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82")

static const struct test_run rows[] = {
	/* which counter is told */
	{"one error", "", GREW X("00:31", "48", "x"), "a GPU 0000:3b:00.0: 1 uncorrectable ECC error, confirmed by Xid 48 (|'ecc_delta':1,'ecc_total':1,'memory':'unknown'|uncorrectable ECC errors grew by 1 to 1 between " DAY "00:00Z and " DAY "00:30Z'"},
	{"two in two steps", "", GREW ANY_("01:00", "2") X("01:01", "48", "x"), ": 2 uncorrectable ECC errors, |'ecc_delta':2,'ecc_total':2,|'first':'" DAY "00:30Z','last':'" DAY "01:01Z','delay_seconds':31,|grew by 2 to 2 between " DAY "00:00Z and " DAY "01:00Z, in 2 steps'"},
	{"the kernel's line came first", "", GREW X("00:10", "48", "x"), "'first':'" DAY "00:10Z','last':'" DAY "00:30Z','delay_seconds':-20,|'kind':'kernel_event'|'kind':'hw_error'"},
	{"at one time the counter is told first", "", GREW X("00:30", "48", "x"), "'delay_seconds':0,|'kind':'hw_error'|'kind':'kernel_event'"},
	{"as many in DRAM as in all", "", GREW DRAM_("00:00", "5") DRAM_("00:30", "6") X("00:31", "48", "x"), ": 1 uncorrectable DRAM ECC error, |'ecc_delta':1,'ecc_total':1,'memory':'dram'|uncorrectable ECC errors grew by 1"},
	{"more in DRAM than in all", "", GREW DRAM_("00:00", "5") DRAM_("00:30", "7") X("00:31", "48", "x"), ": 2 uncorrectable DRAM ECC errors, |'ecc_delta':2,'ecc_total':7,|uncorrectable ECC errors in DRAM grew by 2 to 7"},
	{"in DRAM and in SRAM", "", GREW DRAM_("00:00", "5") DRAM_("00:30", "6") SRAM_("00:10", "3") SRAM_("00:40", "5") X("00:41", "48", "x"), ": 3 uncorrectable SRAM ECC errors, |'ecc_delta':3,'ecc_total':11,'memory':'sram'|in DRAM grew by 3 to 11 between " DAY "00:00Z and " DAY "00:40Z'"},
	{"as many in DRAM as in SRAM", "", DRAM_("00:00", "5") DRAM_("00:30", "6") SRAM_("00:00", "3") SRAM_("00:30", "4") X("00:31", "48", "x"), ": 2 uncorrectable DRAM ECC errors, |'memory':'dram'"},
	{"the steps of the counter that had more", "", DRAM_("00:00", "5") DRAM_("00:30", "6") SRAM_("00:00", "3") SRAM_("00:20", "4") SRAM_("00:30", "5") X("00:31", "48", "x"), "in DRAM grew by 3 to 11 between " DAY "00:00Z and " DAY "00:30Z, in 2 steps"},
	{"more of DRAM", "", DRAM_("00:00", "5") DRAM_("00:20", "6") DRAM_("00:30", "7") SRAM_("00:00", "3") SRAM_("00:30", "4") X("00:31", "48", "x"), "in DRAM grew by 3 to 11 between " DAY "00:00Z and " DAY "00:30Z, in 2 steps"},
	{"a counter below the one before, at a driver load", "", ANY_("00:00", "5") LOADED("00:30") ANY_("00:30", "2") X("00:31", "48", "x"), "'ecc_delta':2,'ecc_total':2,"},
	{"one second before the load", "", ANY_("00:00", "5") LOADED("00:30") ANY_("00:29", "2") X("00:31", "48", "x"), "!'ecc_delta'"},
	{"in SRAM only", "", SRAM_("00:00", "3") SRAM_("00:30", "4") X("00:31", "48", "x"), ": 1 uncorrectable SRAM ECC error, |'ecc_total':4,'memory':'sram'|uncorrectable ECC errors in SRAM grew by 1 to 4"},
	{"rows only", "", ROWS_("00:00", "3") ROWS_("00:30", "4") X("00:31", "63", "x"), ": 1 row remapped for uncorrectable errors, confirmed|'ecc_delta':1,'ecc_total':4,'memory':'dram'|rows remapped for uncorrectable errors grew by 1 to 4"},
	{"two rows", "", ROWS_("00:00", "3") ROWS_("00:30", "5") PAGES_("00:00", "3") PAGES_("00:30", "6") X("00:31", "63", "x"), ": 2 rows remapped for uncorrectable errors, confirmed"},
	{"pages only", "", PAGES_("00:00", "3") PAGES_("00:30", "4") X("00:31", "63", "x"), ": 1 page retired for double-bit errors, confirmed|'memory':'dram'|pages retired for double-bit errors grew by 1 to 4"},
	{"two pages", "", PAGES_("00:00", "3") PAGES_("00:30", "5") X("00:31", "63", "x"), ": 2 pages retired for double-bit errors, confirmed"},
	{"rows do not count if errors do", "", GREW ROWS_("00:00", "3") ROWS_("00:30", "9") X("00:31", "48", "x"), ": 1 uncorrectable DRAM ECC error,|'ecc_delta':1,"},

	/* the state of the repair: a counter at the line's time or later beats the line */
	{"a line says that a remap is pending", "", GREW X("00:31", "48", "x") X("00:32", "63", "x"), "A row remap is pending; the reset completes it.|'row_remap':{'pending':true},"},
	{"an older counter does not deny it", "", GREW X("00:31", "48", "x") X("00:32", "63", "x") C("ROW_REMAP_PENDING", "00:31", "0"), "'row_remap':{'pending':true},"},
	{"a counter at its time does", "", GREW X("00:31", "48", "x") X("00:32", "63", "x") C("ROW_REMAP_PENDING", "00:32", "0"), "'row_remap':{'pending':false},"},
	{"the counter says so", "", GREW X("00:31", "48", "x") C("ROW_REMAP_PENDING", "00:32", "1"), "is pending; the reset|'row_remap':{'pending':true},"},
	{"pages are pending", "", GREW X("00:31", "48", "x") C("ROW_REMAP_PENDING", "00:32", "0") C("RETIRED_PENDING", "00:32", "1"), "'row_remap':{'pending':true},"},
	{"a bank's event", "", GREW X("00:31", "48", "x") X("00:32", "177", "x"), "'row_remap':{'pending':true},"},
	{"an error that is already pending", "", GREW X("00:31", "64", "Row remapper error: already pending"), "'row_remap':{'pending':true},"},
	{"a failed remap, said by the counter", "", GREW X("00:31", "48", "x") C("ROW_REMAP_FAILURE", "00:32", "1"), "Drain a and replace GPU 0000:3b:00.0: row remapping failed.|'action':'replace_gpu'|'row_remap':{'failure':true},"},
	{"a counter that denies it", "", GREW X("00:31", "48", "x") C("ROW_REMAP_FAILURE", "00:32", "0"), "'action':'reset_gpu'|'row_remap':{'failure':false},"},
	{"511 rows", "", GREW X("00:31", "48", "x") ROWS_("00:20", "510") C("CORRECTABLE_REMAPPED_ROWS", "00:20", "1"), "'action':'reset_gpu'|'row_remap':{'remapped_rows':511},"},
	{"512 rows", "", GREW X("00:31", "48", "x") ROWS_("00:20", "511") C("CORRECTABLE_REMAPPED_ROWS", "00:20", "1"), "all of its 512 spare rows are used.|'action':'replace_gpu'|'row_remap':{'remapped_rows':512},"},
	{"correctable ones only", "", GREW X("00:31", "48", "x") C("CORRECTABLE_REMAPPED_ROWS", "00:20", "7"), "'row_remap':{'remapped_rows':7},"},
	{"no rows yet", "", GREW X("00:31", "48", "x") C("CORRECTABLE_REMAPPED_ROWS", "00:20", "0"), "'row_remap':{'remapped_rows':0},"},
	{"unrepairable", "", GREW X("00:31", "48", "x") C("MEMORY_UNREPAIRABLE_FLAG", "00:20", "1"), "its memory is marked as unrepairable.|'action':'replace_gpu'"},
	{"not unrepairable", "", GREW X("00:31", "48", "x") C("MEMORY_UNREPAIRABLE_FLAG", "00:20", "0"), "'action':'reset_gpu'"},
	{"beyond the threshold of SRAM", "", GREW X("00:31", "48", "x") C("THRESHOLD_SRM", "00:20", "1"), "its SRAM errors exceed the threshold, and SRAM cannot be remapped.|'action':'replace_gpu'"},
	{"not beyond it", "", GREW X("00:31", "48", "x") C("THRESHOLD_SRM", "00:20", "0"), "'action':'reset_gpu'"},
	{"no spare channel", "", GREW X("00:31", "161", "x"), "no spare is left for a faulty memory channel or L2 slice (Xid 161).|'action':'replace_gpu'"},
	{"the last state before the driver was loaded anew", "", GREW X("00:31", "48", "x") C("ROW_REMAP_PENDING", "00:32", "1") C("ROW_REMAP_PENDING", "01:00", "0") LOADED("01:00"), "'row_remap':{'pending':true},|'resolved_at':'" DAY "01:00Z'"},
	{"a second before it", "", GREW X("00:31", "48", "x") C("ROW_REMAP_PENDING", "00:32", "1") C("ROW_REMAP_PENDING", "00:59", "0") LOADED("01:00"), "'row_remap':{'pending':false},"},

	/* what to do */
	{"a reset asked for by each", "", GREW X("00:31", "95", "x"), "Drain a and reset GPU 0000:3b:00.0 before anything runs on it again; jobs|'action':'reset_gpu'|'containment':'uncontained'"},
	{"140", "", GREW X("00:31", "140", "x"), "Drain a and reset GPU|'action':'reset_gpu'|!containment"},
	{"171", "", GREW X("00:31", "171", "x"), "Drain a and reset GPU|'action':'reset_gpu'|'memory':'dram'"},
	{"172", "", GREW X("00:31", "172", "x"), "Drain a and reset GPU|'action':'reset_gpu'|'memory':'sram'"},
	{"contained", "", GREW X("00:31", "94", "x"), "Restart the affected application on a GPU 0000:3b:00.0; other applications on the GPU are unaffected. Reset the GPU once it is drained.|'action':'restart_job'|'containment':'contained'"},
	{"contained, then a reboot asked for", "", GREW X("00:31", "94", "x") X("00:32", "154", "GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)"), "are unaffected. Reboot the node once it is drained. Recovery action reported by the driver (Xid 154): Node Reboot Required|'action':'reboot_node'"},
	{"a repair", "", GREW X("00:31", "63", "x"), "Let the jobs on a GPU 0000:3b:00.0 finish, then reset the GPU. A row remap is pending; the reset completes it.|'action':'reset_gpu'"},
	{"a repair that failed for now", "", GREW X("00:31", "64", "x"), "Let the jobs on a GPU 0000:3b:00.0 finish, then reset the GPU. If Xid 64 comes back after that, replace the GPU.|'action':'reset_gpu'"},
	{"and a counter that denies that it is pending", "", GREW X("00:31", "64", "Row remapper error: already pending") C("ROW_REMAP_PENDING", "00:31", "0"), "reset the GPU. If Xid 64 comes back after that, replace the GPU.|'row_remap':{'pending':false},"},
	{"and one that confirms it", "", GREW X("00:31", "64", "x") C("ROW_REMAP_PENDING", "00:31", "1"), "reset the GPU. A row remap is pending;|!comes back"},
	{"lines count from the sample before the growth on", "", ANY_("01:00", "0") ANY_("01:30", "1") X("01:31", "63", "x") X("01:00", "94", "x"), "'xid_code':94,"},
	{"not from before it", "", ANY_("01:00", "0") ANY_("01:30", "1") X("01:31", "63", "x") X("00:59", "94", "x"), "'xid_code':63,|!containment"},
	{"up to a window after the growth", "", ANY_("01:00", "0") ANY_("01:30", "1") X("01:31", "63", "x") X("06:30", "94", "x"), "'containment':'contained'"},
	{"not after it", "", ANY_("01:00", "0") ANY_("01:30", "1") X("01:31", "63", "x") X("06:31", "94", "x"), "'xid_code':63,|!containment"},
	{"of another GPU none count", "", ANY_("01:00", "0") ANY_("01:30", "1") X("01:31", "63", "x") XID("3a", "01:32", "94", "x") XID("3c", "01:32", "95", "x"), "'xid_code':63,|!containment"},
	{"of a bank", "", GREW X("00:31", "177", "x"), "Let the jobs on a GPU 0000:3b:00.0 finish, then reset the GPU. A row|'action':'reset_gpu'"},
	{"a repair and a reboot asked for", "", GREW X("00:31", "63", "x") X("00:32", "154", "GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)"), "finish, then reboot the node. A row remap is pending; the reboot completes it.|'action':'reboot_node'"},
	{"a code of --xids", "--xids=31", GREW X("00:31", "31", "x"), "a GPU 0000:3b:00.0: Restart the job|'xid_code':31,"},
	{"a code that nobody knows", "--xids=998", GREW X("00:31", "998", "x"), "a GPU 0000:3b:00.0: Drain the node, collect nvidia-bug-report.sh and ask NVIDIA support.|'xid_code':998,"},
	{"the gauge asks", "", GREW X("00:31", "63", "x") C("GET_GPU_RECOVERY_ACTION", "00:33", "1"), "'recovery_action':'GPU Reset Required'"},
	{"the gauge's other values", "", GREW X("00:31", "63", "x") C("GET_GPU_RECOVERY_ACTION", "00:33", "3"), "'recovery_action':'Drain P2P'"},
	{"five", "", GREW X("00:31", "63", "x") C("GET_GPU_RECOVERY_ACTION", "00:33", "5"), "'recovery_action':'Recover IMEX Domain'"},
	{"seven", "", GREW X("00:31", "63", "x") C("GET_GPU_RECOVERY_ACTION", "00:33", "7"), "'recovery_action':'System Reboot'"},
	{"eight is none", "", GREW X("00:31", "63", "x") C("GET_GPU_RECOVERY_ACTION", "00:33", "8"), "reset the GPU. A row|!Recovery action reported"},

	/* which memory, by the lines */
	{"a line about DRAM", "", GREW X("00:31", "95", "Uncontained ECC error, DRAM"), "'memory':'dram'"},
	{"about SRAM", "", GREW X("00:31", "95", "Uncontained ECC error, LTC TAG"), "'memory':'sram'"},
	{"about the framebuffer", "", GREW X("00:31", "48", "DBE in the framebuffer"), "'memory':'dram'"},
	{"about neither", "", GREW X("00:31", "95", "poison"), "'memory':'unknown'"},
	{"a code's line decides before a later code's", "", GREW X("00:31", "95", "SRAM") X("00:32", "48", "DRAM"), "'memory':'dram'"},

	/* counters alone */
	{"alone", "--counters-alone", GREW, "1 uncorrectable ECC error, confirmed by no Xid; " DAY "00:30Z|Drain a and reset GPU|No Xid confirms it|'confidence':'partial','missing_layers':['kernel_event']|'since':'" DAY "00:00Z'|!delay_seconds"},
	{"rows alone", "--counters-alone", ROWS_("00:00", "1") ROWS_("00:30", "2"), "Let the jobs on a GPU 0000:3b:00.0 finish, then reset the GPU.|No Xid confirms it|'action':'reset_gpu'"},
	{"once per driver load", "--counters-alone", GREW ANY_("01:00", "3") LOADED("02:00") ANY_("02:30", "1") ANY_("03:00", "2"), ": 3 uncorrectable ECC errors|; " DAY "00:30Z|: 2 uncorrectable ECC errors|; " DAY "02:30Z"},
	{"then nothing is missing", "--counters-alone", GREW, "confirmed by no Xid|!cannot correlate"},
	{"without counters there is", "--counters-alone", X("00:31", "48", "x"), "no counters of uncorrectable errors|cannot correlate"},
	{"so there is without Xids", "", GREW, "no memory Xids, 1 counter of uncorrectable errors|cannot correlate"},
	{"not if the GPU has a memory Xid", "--counters-alone", GREW X("20:00", "48", "x"), "!confirmed by no Xid"},
	{"another GPU's does not matter", "--counters-alone", GREW XID("3c", "00:31", "48", "x"), "confirmed by no Xid"},
	{"nor one with a lower address", "--counters-alone", GREW XID("3a", "00:31", "48", "x"), "confirmed by no Xid"},
	{"corrected errors never", "--counters-alone", C("ECC_SBE_VOL_TOTAL", "00:00", "1") C("ECC_SBE_VOL_TOTAL", "00:30", "2"), "!confirmed"},
	{"less than --delta", "--counters-alone --delta=2", GREW ANY_("01:00", "3"), ": 2 uncorrectable ECC errors|'ecc_total':3,"},

	/* why not */
	{"the Xid came before", "-x", ANY_("00:00", "0") ANY_("10:00", "0") ANY_("10:30", "1") X("09:00", "48", "x"), "counter that grew without a verdict','metric':'|'count':1,'sum':1,'first':'" DAY "10:30Z','last':'" DAY "10:30Z','nearest':{'xid_code':48,'time':'" DAY "09:00Z','delay_seconds':-90},'window_seconds':300,'why':'the nearest Xid came before the sample that precedes the growth'"},
	{"too long after", "-x", GREW X("05:31", "48", "x"), "'why':'the nearest Xid came too long after the growth'|memory Xid without a verdict','xid_code':48,'gpu_id':'0000:3b:00.0','node':'a','count':1,'first':'" DAY "05:31Z','last':'" DAY "05:31Z','why':|s error counters grew, but not around the Xid'"},
	{"the nearer of two, the earlier if equally near", "-x", ANY_("05:00", "0") ANY_("15:00", "0") ANY_("20:00", "1") X("10:00", "48", "x") X("30:00", "95", "x"), "'nearest':{'xid_code':48,"},
	{"the later is nearer", "-x", ANY_("05:00", "0") ANY_("15:00", "0") ANY_("20:01", "1") X("10:00", "48", "x") X("30:00", "95", "x"), "'nearest':{'xid_code':95,'time':'" DAY "30:00Z','delay_seconds':599}"},
	{"no Xid of this GPU", "-x", GREW XID("3c", "00:31", "48", "x"), "'why':'no memory Xid of this GPU; another GPU of the node has one'|'why':'the input has no error counter of this GPU'"},
	{"no Xid of this node", "-x", GREW KERNEL("b", "00:31", "NVRM: Xid (PCI:0000:3b:00): 48, x"), "'why':'no memory Xid of this GPU'"},
	{"a GPU known by its number", "-x", "{'metric.name':'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL','value':0,'gpu.id':'0','host.name':'a','time':'" DAY "00:00Z'}\n{'metric.name':'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL','value':1,'gpu.id':'0','host.name':'a','time':'" DAY "00:30Z'}\n" X("00:31", "48", "x"), "'gpu_index':0,'node':'a',|'why':'the GPU|s PCI address is unknown'"},
	{"too small", "-x --delta=5", GREW X("00:31", "48", "x"), "'why':'the counter grew by less than --delta'"},
	{"small ones and a large one", "-x --delta=5", GREW ANY_("01:00", "9") , "'count':2,'sum':9,|'why':'no memory Xid of this GPU'"},
	{"corrected", "-x", C("ECC_SBE_VOL_TOTAL", "00:00", "1") C("ECC_SBE_VOL_TOTAL", "00:30", "2") X("00:31", "48", "x"), "'why':'the errors were corrected'|'why':'only corrected-error or aggregate counters of the GPU grew'"},
	{"corrected, and none new", "-x", C("ECC_SBE_VOL_TOTAL", "00:00", "1") C("ECC_SBE_VOL_TOTAL", "00:30", "1") X("00:31", "48", "x"), "'why':'the input has no error counter of this GPU'"},
	{"aggregate", "-x", C("ECC_DBE_AGG_DEV", "00:00", "1") C("ECC_DBE_AGG_DEV", "00:30", "2") X("00:31", "48", "x"), "aggregate (lifetime) counter; only volatile counters are used|only corrected-error or aggregate"},
	{"of SRAM", "-x", C("ECC_DBE_AGG_SRM", "00:00", "1") C("ECC_DBE_AGG_SRM", "00:30", "2"), "aggregate (lifetime) counter"},
	{"of all", "-x", C("ECC_DBE_AGG_TOTAL", "00:00", "1") C("ECC_DBE_AGG_TOTAL", "00:30", "2"), "aggregate (lifetime) counter"},
	{"counted, but not grown", "-x", ANY_("00:00", "1") X("00:31", "48", "x"), "|s error counters did not grow around the Xid'"},
	{"an Xid within the window of one with a verdict belongs to it", "-x", GREW X("00:31", "48", "x") X("05:31", "63", "x"), "confirmed by Xid 48|!memory Xid without a verdict"},
	{"a second later it does not", "-x", GREW X("00:31", "48", "x") X("05:32", "63", "x"), "confirmed by Xid 48|memory Xid without a verdict','xid_code':63"},
	{"nor one of another GPU", "-x", GREW X("00:31", "48", "x") XID("3c", "00:32", "63", "x"), "confirmed by Xid 48|memory Xid without a verdict','xid_code':63,'gpu_id':'0000:3c:00.0'"},
	{"repeats are one line, codes ascend", "-x", XID("3c", "00:32", "63", "x") XID("3c", "00:31", "95", "x") XID("3b", "00:33", "95", "x") XID("3c", "00:35", "63", "x") XID("3c", "00:34", "63", "x") GREW,
		"'xid_code':63,'gpu_id':'0000:3c:00.0','node':'a','count':3,'first':'" DAY "00:32Z','last':'" DAY "00:35Z'|'xid_code':95,'gpu_id':'0000:3c:00.0','node':'a','count':1,"},

	/* options */
	{"no code", "--xids=0", "", "--xids: invalid list"},
	{"the largest code", "--xids=999999", "", "!invalid"},
	{"a larger one", "--xids=1000000", "", "--xids: invalid list"},
	{"64 codes", "--xids=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64", "", "!invalid"},
	{"65", "--xids=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65", "", "--xids: invalid list"},
	{"no delta", "--delta=0", "", "--delta: invalid number |0| (expected 1 or more)"},
};

/* How long --follow keeps records. */
static void
test_kept(void)
{
	static const struct {
		const char *args;
		int64_t skew, both; /* seconds */
	} are[] = {{"", 0, 900}, {"", 2, 904}, {"-w 1m", 3, 666}}; /* the window, the skew of each, ten minutes of a step */

	TEST("--follow keeps what a confirmation may need");
	for (size_t i = 0; i < NELEM(are); i++) {
		struct reach r = test_reach(&hbm_ecc, are[i].args, are[i].skew * SECOND, 0);

		CHECK_ROW(i, r.after == are[i].both * SECOND && r.back == are[i].both * SECOND);
	}
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

	test_kept();
	test_rows(&hbm_ecc, rows, NELEM(rows));

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
