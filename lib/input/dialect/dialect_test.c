#include "input/dialect/dialect.h"

#include <string.h>

#include "input/text/aer.h"
#include "input/text/eviction.h"
#include "input/text/kernel.h"
#include "event/metric.h"

#include "base/test.h"

/*
 * In this file's JSON ' stands for " and ` for '.  The records of a text are written in
 * order of content, with - for unknown members:
 *	xid TIME NODE GPU CODE [flags] [e=UID] [b=BOOT] [u=UUID] 'TEXT'|
 *	loss TIME NODE NS/POD POD_UID REASON event|object|cancel [e=UID] 'NOTE'|
 *	place TIME NODE NS/POD POD_UID|
 *	gpu TIME NODE GPU UUID|
 *	recovery TIME NODE GPU UUID [reboot] [started] [b=BOOT]|
 *	condition TIME NODE PRESSURE on|off [REASON] [e=UID] 'NOTE'|
 *	sample TIME NODE GPU UUID INDEX FIELD VALUE [delta] [from=TIME] [mig=N]|
 *	verdict TIME NODE LINE|
 * and in tables of more:
 *	xid [nonfatal] [concluded], loss [unsourced] [by=USER] [started=TIME], place [created=TIME]
 *	[ready=TIME] [daemonset], gpu [kernel] [scraped], sample [scraped], condition [last=TIME] [taint]
 *	node TIME NODE ready|notready|cordoned|uncordoned|removed|known [reported|silent] [e=UID] 'TEXT'|
 *	pod TIME NODE NS/POD POD_UID INDEX PROCS GPUS [job=] [ip=] [ended=TIME code=N] [oom] [worker] [master] [assumed] [succeeded]|
 *	aer TIME NODE DEVICE SEVERITY LAYER STATUS [u=UUID] [driver=N] 'TEXT'|
 *	rate TIME NODE GPU VALUE BASELINE [u=UUID] [to=DIRECTION]|
 *	hang TIME NODE RANK [of=JOB|NS/POD] [ranks=LIST]|
 *	ras TIME NODE RANK WHAT COUNT [of=SIZE] [pid=N] [op=NAME] [is=WORD]|
 */

#define TS "2026-03-04T05:06:07Z"
#define TS0 "2026-03-04T05:06:00Z"
#define NS "1772600767000000000"
#define US "1772600767000000"
#define T0 INT64_C(1772600767000000000)
#define X79 "NVRM: Xid (PCI:0000:3b:00): 79, off"
#define X48 "NVRM: Xid (PCI:0000:3b:00): 48, x"
#define UUID "GPU-0a1b2c3d-0000-1111-2222-333344445555"
/* X79 with an escape byte in front of "off" */
#define B79 "78" B79_REST
#define B79_REST ",86,82,77,58,32,88,105,100,32,40,80,67,73,58,48,48,48,48,58,51,98,58,48,48,41,58,32,55,57,44,32,27,111,102,102"
#define B79_SPACED "[ 78, 86, 82, 77, 58, 32, 88, 105, 100, 32, 40, 80, 67, 73, 58, 48, 48, 48, 48, 58, 51, 98, 58, 48, 48, 41, 58, 32, 55, 57, 44, 32, 27, 111, 102, 102 ]"

/* a kernel entry of the journal; an Event about ml/train-0 */
#define J(more) "{'__REALTIME_TIMESTAMP':'" US "','_TRANSPORT':'kernel','_HOSTNAME':'gpu-7'," more "}"
#define EV(reason, message, more) \
	"{'metadata':{'name':'train-0.18a','namespace':'ml','uid':'e1'},'involvedObject':{'kind':'Pod','namespace':'ml'," \
	"'name':'train-0','uid':'p1'},'reason':'" reason "','message':'" message "'," more "}"
#define HOST "'source':{'component':'kubelet','host':'gpu-7'}"
#define ONCE "'firstTimestamp':'" TS "','lastTimestamp':'" TS "','count':1,'eventTime':null"
#define EVICTED EV("Evicted", "low", HOST "," ONCE)
#define LOST "loss " TS " gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|place " TS " gpu-7 ml/train-0 p1|"
/* a Pod on gpu-7 */
#define POD(status) \
	"{'kind':'Pod','metadata':{'name':'train-0','namespace':'ml','uid':'p1'},'spec':{'nodeName':'gpu-7'},'status':{" status "}}"
#define PLACED "place - gpu-7 ml/train-0 p1|"
/* a Node, and an Event about it */
#define NODE(status) "{'kind':'Node','metadata':{'name':'gpu-7','uid':'n1'},'spec':{},'status':{" status "}}"
#define NE(reason, more) \
	"{'metadata':{'uid':'e1'},'involvedObject':{'kind':'Node','name':'gpu-7','uid':'gpu-7'},'reason':'" reason "','message':'m'," more "}"
/* OTLP */
#define LOGS(resource, records) \
	"{'resourceLogs':[{'resource':{'attributes':[" resource "]},'scopeLogs':[{'scope':{},'logRecords':[" records "]}]}]}"
#define A(key, text) "{'key':'" key "','value':{'stringValue':'" text "'}}"
#define LIST(key, values) "{'key':'" key "','value':{'kvlistValue':{'values':[" values "]}}}"
#define AT "'timeUnixNano':'" NS "'"

struct row {
	struct str text, says;
};
#define ROW(text, says) {STR_INIT(text), STR_INIT(says)}

/* clang-format off */

static const struct row flat[] = {
	ROW("{'kernelevents.xid':79,'gpu.id':'0000:3b:00.0','k8s.node.name':'gpu-7','time':'" TS "','kernelevents.message':'gone'}",
		"xid " TS " gpu-7 0000:3b:00.0 79 'gone'|"),
	ROW("{'kernelevents.xid':'79','gpu.id':'PCI:0009:3B:00','host.name':'GPU-7.Cluster','time':" NS "}",
		"xid " TS " gpu-7.cluster 0009:3b:00.0 79 ''|"),
	ROW("{'kernelevents.xid':48,'gpu.id':'00000000:3B:00.0','host.name':'h','k8s.node.name':'n','time':'" NS "'}",
		"xid " TS " n 0000:3b:00.0 48 ''|"),
	ROW("{'kernelevents.xid':48,'k8s.node.name':'','host.name':'h','time':'2026-03-04T07:06:07.5+02:00'}",
		"xid 2026-03-04T05:06:07.500Z h - 48 ''|"),
	/* a number is nanoseconds, however small */
	ROW("{'kernelevents.xid':48,'time':5}", "xid 1970-01-01T00:00:00.000000005Z - - 48 ''|"),
	ROW("{'kernelevents.xid':48,'time':-1}", "xid 1969-12-31T23:59:59.999999999Z - - 48 ''|"),
	ROW("{'kernelevents.xid':48}", "xid - - - 48 ''|"),
	ROW("{'kernelevents.xid':48,'time':'soon','gpu.id':'first'}", "xid - - - 48 ''|"),
	/* numbers keep their precision */
	ROW("{'kernelevents.xid':48,'time':1772600767000000001}", "xid 2026-03-04T05:06:07.000000001Z - - 48 ''|"),
	ROW("{'kernelevents.xid':79.0}", "xid - - - 79 ''|"),
	/* nothing of another element */
	ROW("[{'host.name':'gpu-7','gpu.id':'3b:00.0'},{'kernelevents.xid':48}]", "xid - - - 48 ''|"),
	/* UUIDs */
	ROW("{'kernelevents.xid':48,'gpu.id':'" UUID "'}", "xid - - - 48 u=" UUID " ''|"),
	ROW("{'kernelevents.xid':48,'gpu.id':'3b:00.0','gpu.uuid':'" UUID "'}", "xid - - 0000:3b:00.0 48 u=" UUID " ''|gpu - - 0000:3b:00.0 " UUID "|"),
	/* the last of a repeated name */
	ROW("{'kernelevents.xid':79,'kernelevents.xid':48}", "xid - - - 48 ''|"),
	ROW("{'kernelevents.\\u0078id':48}", "xid - - - 48 ''|"),
	/* the line itself as message */
	ROW("{'kernelevents.xid':79,'kernelevents.message':'[  1.5] " X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kernelevents.xid':79,'gpu.id':'0000:9b:00.0','kernelevents.message':'" X79 "'}", "xid - - 0000:9b:00.0 79 '" X79 "'|"),
	ROW("{'kernelevents.xid':48,'kernelevents.message':'" X79 "'}", "xid - - - 48 '" X79 "'|"),
	ROW("{'kernelevents.xid':154,'kernelevents.message':'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)'}",
		"xid - - 0000:3b:00.0 154 none 'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)'|"),
	/* no code, no record */
	ROW("{'kernelevents.xid':0}", ""), ROW("{'kernelevents.xid':-79}", ""), ROW("{'kernelevents.xid':'abc'}", ""),
	ROW("{'kernelevents.xid':null}", ""), ROW("{'kernelevents.xid':''}", ""), ROW("{'kernelevents.xid':[79]}", ""),
	ROW("{'kernelevents.xid':18446744073709551695}", ""), ROW("{'kernelevents.xid':4294967375}", ""),
	ROW("{'kernelevents':{'xid':79}}", ""), ROW("{'xid':79}", ""),
	/* pod events */
	ROW("{'k8s.event.reason':'Evicted','k8s.pod.name':'train-0','k8s.namespace.name':'ml','k8s.pod.uid':'p1',"
		"'k8s.event.uid':'e1','k8s.event.note':'low','k8s.node.name':'gpu-7','time':'" TS "'}", LOST),
	ROW("{'k8s.event.reason':'NodeNotReady','k8s.pod.name':'train-0','host.name':'gpu-7'}",
		"loss - gpu-7 /train-0 - NodeNotReady event ''|place - gpu-7 /train-0 -|"),
	ROW("{'k8s.event.reason':'Preempted','k8s.pod.name':'train-0','k8s.event.note':'Preempted by pod 0a1b on node gpu-9'}",
		"loss - gpu-9 /train-0 - Preempted event 'Preempted by pod 0a1b on node gpu-9'|place - gpu-9 /train-0 -|"),
	ROW("{'k8s.event.reason':'TaintManagerEviction','k8s.pod.name':'train-0','k8s.event.note':'Cancelling deletion of Pod ml/train-0'}",
		"loss - - /train-0 - TaintManagerEviction cancel 'Cancelling deletion of Pod ml/train-0'|"),
	ROW("{'k8s.event.reason':'Scheduled','k8s.pod.name':'train-0','k8s.namespace.name':'ml','k8s.event.note':'Successfully assigned ml/train-0 to gpu-7','time':'" TS "'}",
		"place " TS " gpu-7 ml/train-0 -|"),
	ROW("{'k8s.event.reason':'Killing','k8s.pod.name':'train-0','k8s.node.name':'gpu-7'}", "place - gpu-7 /train-0 -|"),
	ROW("{'k8s.event.reason':'Evicted','k8s.node.name':'gpu-7'}", ""),
	ROW("{'k8s.event.reason':'BackOff','k8s.pod.name':'train-0','k8s.node.name':'gpu-7'}", ""),
	ROW("{'k8s.event.reason':'OOMKilled','k8s.pod.name':'train-0','k8s.node.name':'gpu-7'}", ""),
	ROW("{'k8s.event.reason':'','k8s.pod.name':'train-0'}", ""),
	/* an unset node of the resource, a host of its own */
	ROW("{'k8s.event.reason':'Evicted','k8s.pod.name':'train-0','k8s.node.name':'','host.name':'gpu-7'}", "loss - gpu-7 /train-0 - Evicted event ''|place - gpu-7 /train-0 -|"),
	/* node conditions */
	ROW("{'k8s.node.condition.type':'DiskPressure','k8s.node.condition.status':'True','k8s.node.name':'GPU-7','k8s.event.uid':'e1','k8s.event.note':'full','time':'" TS "'}",
		"condition " TS " gpu-7 disk on e=e1 'full'|"),
	ROW("{'k8s.node.condition.type':'memorypressure','k8s.node.condition.status':'false','host.name':'gpu-7','time':" NS "}", "condition " TS " gpu-7 memory off ''|"),
	ROW("{'k8s.node.condition.type':'PIDPressure','k8s.node.condition.status':true}", "condition - - pid on ''|"),
	ROW("{'k8s.node.condition.type':'PIDPressure','k8s.node.condition.status':'Unknown'}", ""),
	ROW("{'k8s.node.condition.type':'PIDPressure','k8s.node.condition.status':1}", ""),
	ROW("{'k8s.node.condition.type':'PIDPressure'}", ""),
	ROW("{'k8s.node.condition.type':'Ready','k8s.node.condition.status':'True','k8s.node.name':'gpu-7'}", ""),
	/* together with a pod's event, or an Event about a node */
	ROW("{'k8s.node.condition.type':'DiskPressure','k8s.node.condition.status':'True','k8s.event.reason':'Evicted','k8s.pod.name':'train-0','k8s.event.note':'low','k8s.node.name':'gpu-7'}",
		"loss - gpu-7 /train-0 - Evicted event 'low'|place - gpu-7 /train-0 -|condition - gpu-7 disk on 'low'|"),
	ROW("{'k8s.node.condition.type':'DiskPressure','k8s.node.condition.status':'True','k8s.event.reason':'NodeHasDiskPressure','k8s.node.name':'gpu-7'}", "condition - gpu-7 disk on ''|"),
	ROW("{'k8s.event.reason':'NodeHasDiskPressure','k8s.event.note':'x','k8s.event.uid':'e1','k8s.node.name':'gpu-7','time':'" TS "'}",
		"condition " TS " gpu-7 disk on NodeHasDiskPressure e=e1 'x'|"),
	ROW("{'k8s.event.reason':'EvictionThresholdMet','k8s.event.note':'Attempting to reclaim memory','k8s.node.name':'gpu-7'}",
		"condition - gpu-7 memory on EvictionThresholdMet 'Attempting to reclaim memory'|"),
	ROW("{'timestamp':'" TS "','body':'Node gpu-7 status is now: NodeHasSufficientPID','attributes':{'k8s.event.reason':'NodeHasSufficientPID','k8s.namespace.name':''},"
		"'resource':{'k8s.object.kind':'Node','k8s.object.name':'gpu-7','k8s.node.name':'other'}}",
		"condition " TS " gpu-7 pid off NodeHasSufficientPID 'Node gpu-7 status is now: NodeHasSufficientPID'|"),
	/* flattened renderings of OTLP */
	ROW("{'timestamp':'" TS "','severity_text':'Warning','body':'low','attributes':{'k8s.event.reason':'Evicted',"
		"'k8s.event.uid':'e1','k8s.namespace.name':'ml'},'resource':{'k8s.object.kind':'Pod','k8s.object.name':'train-0',"
		"'k8s.object.uid':'p1','k8s.node.name':'gpu-7'}}", LOST),
	ROW("{'timestamp':'" TS "','body':'Node gpu-7 status is now: NodeNotReady','attributes':{'k8s.event.reason':'NodeNotReady'},"
		"'resource':{'k8s.object.kind':'Node','k8s.object.name':'gpu-7'}}", ""),
	ROW("{'timestamp':'" TS "','body':'Marking for deletion Pod ml/train-0','attributes':{'k8s.event.reason':'TaintManagerEviction'},"
		"'resource':{'k8s.object.kind':'Pod','k8s.object.name':'train-0'}}",
		"loss " TS " - /train-0 - TaintManagerEviction event 'Marking for deletion Pod ml/train-0'|"),
	ROW("{'timestamp':'" TS "','attributes':{'kernelevents.xid':79,'gpu.id':'3b:00.0'},'resource':{'host.name':'gpu-7'}}",
		"xid " TS " gpu-7 0000:3b:00.0 79 ''|"),
};

static const struct row journald[] = {
	ROW("{'__CURSOR':'s=1;i=2','__REALTIME_TIMESTAMP':'" US "','__MONOTONIC_TIMESTAMP':'8000000','_BOOT_ID':'b1',"
		"'_HOSTNAME':'gpu-7','_TRANSPORT':'kernel','SYSLOG_IDENTIFIER':'kernel','PRIORITY':'4','MESSAGE':'" X79 "'}",
		"xid " TS " gpu-7 0000:3b:00.0 79 e=s=1;i=2 b=b1 '" X79 "'|"),
	ROW("{ 'MESSAGE' : '" X79 "', '_TRANSPORT' : 'kernel', '__REALTIME_TIMESTAMP' : '" US "' }",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'MESSAGE':'" X79 "','SYSLOG_IDENTIFIER':'kernel','PRIORITY':4}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'MESSAGE':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(J("'_HOSTNAME':'GPU-7.Cluster.Local','MESSAGE':'" X79 "'"), "xid " TS " gpu-7.cluster.local 0000:3b:00.0 79 '" X79 "'|"),
	/* microseconds, all of them; the sender's clock comes first */
	ROW("{'__REALTIME_TIMESTAMP':'1772600767123456','_TRANSPORT':'kernel','MESSAGE':'" X79 "'}",
		"xid 2026-03-04T05:06:07.123456Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'__REALTIME_TIMESTAMP':1772600767000000,'_TRANSPORT':'kernel','MESSAGE':'" X79 "'}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'__REALTIME_TIMESTAMP':'1772600769000000','_SOURCE_REALTIME_TIMESTAMP':'" US "','_TRANSPORT':'kernel','MESSAGE':'" X79 "'}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'_TRANSPORT':'kernel','MESSAGE':'" X79 "','timestamp':'" TS "','host':'gpu-7'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* Vector */
	ROW(J("'message':'" X79 "','host':'gpu-8','source_type':'journald','timestamp':'" TS0 "'"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'__REALTIME_TIMESTAMP':'" US "','_TRANSPORT':'kernel','message':'" X79 "','host':'gpu-7'}",
		"xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'__REALTIME_TIMESTAMP':'" US "','_TRANSPORT':'stdout','message':'" X79 "','host':'gpu-7'}", ""),
	ROW(J("'MESSAGE':null,'message':'" X79 "'"), ""),
	/* forms of MESSAGE: null, bytes, several */
	ROW(J("'MESSAGE':null"), ""),
	ROW(J("'MESSAGE':[]"), ""),
	ROW(J("'MESSAGE':[" B79 "]"), "xid " TS " gpu-7 0000:3b:00.0 79 'NVRM: Xid (PCI:0000:3b:00): 79, \033off'|"),
	ROW(J("'MESSAGE' : " B79_SPACED), "xid " TS " gpu-7 0000:3b:00.0 79 'NVRM: Xid (PCI:0000:3b:00): 79, \033off'|"),
	ROW(J("'MESSAGE':[104,105,255]"), ""),
	ROW(J("'MESSAGE':[334" B79_REST "]"), ""),
	ROW(J("'MESSAGE':[-178" B79_REST "]"), ""),
	ROW(J("'MESSAGE':[null" B79_REST "]"), ""),
	ROW(J("'MESSAGE':['other','" X79 "']"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(J("'MESSAGE':['" X79 "','NVRM: Xid (PCI:0000:3b:00): 45, x']"),
		"xid " TS " gpu-7 0000:3b:00.0 45 'NVRM: Xid (PCI:0000:3b:00): 45, x'|xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(J("'MESSAGE':['other',[" B79 "]]"), "xid " TS " gpu-7 0000:3b:00.0 79 'NVRM: Xid (PCI:0000:3b:00): 79, \033off'|"),
	ROW(J("'MESSAGE':'other','MESSAGE':'" X79 "'"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(J("'_HOSTNAME':['gpu-8','gpu-9'],'MESSAGE':'" X79 "'"), "xid " TS " gpu-8 0000:3b:00.0 79 '" X79 "'|"),
	ROW(J("'MESSAGE':'one\\n" X79 "\\ntwo'"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(J("'MESSAGE':'NVRM: \\u0058id (PCI:0000:3b:00): 79, off'"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* other programs only quote the line; reset tools write their own */
	ROW("{'_TRANSPORT':'stdout','MESSAGE':'" X79 "'}", ""),
	ROW("{'_TRANSPORT':'journal','SYSLOG_IDENTIFIER':'kernel','MESSAGE':'" X79 "'}", ""),
	ROW("{'_TRANSPORT':'syslog','MESSAGE':'" X79 "'}", ""),
	ROW("{'SYSLOG_IDENTIFIER':'python3','MESSAGE':'" X79 "'}", ""),
	ROW("{'_TRANSPORT':'stdout','MESSAGE':[" B79 "]}", ""),
	ROW("{'_TRANSPORT':'stdout','__REALTIME_TIMESTAMP':'" US "','_HOSTNAME':'gpu-7','MESSAGE':'GPU reset executed: " UUID ", success: true'}",
		"recovery " TS " gpu-7 - " UUID "|"),
	ROW("{'_TRANSPORT':'stdout','MESSAGE':'GPU reset executed: " UUID ", success: false'}", ""),
	/* the other lines */
	ROW(J("'_BOOT_ID':'b1','MESSAGE':'NVRM: GPU at PCI:0000:3b:00: " UUID "'"), "gpu " TS " gpu-7 0000:3b:00.0 " UUID "|"),
	ROW(J("'_BOOT_ID':'b1','MESSAGE':'NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.1'"), "recovery " TS " gpu-7 - - reboot b=b1|"),
	ROW(J("'_BOOT_ID':'b1','MESSAGE':'Linux version 6.8.0 (a@b)'"), "recovery " TS " gpu-7 - - reboot started b=b1|"),
	ROW(J("'MESSAGE':'nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 20034, Fatal, Link 30 LTSSM Fault Up'"),
		"xid " TS " gpu-7 0000:c1:00.0 20034 sxid fatal 'nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 20034, Fatal, Link 30 LTSSM Fault Up'|"),
	ROW(J("'MESSAGE':'nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 20034, Data {0x1}'"),
		"xid " TS " gpu-7 0000:c1:00.0 20034 sxid detail 'nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 20034, Data {0x1}'|"),
	/* the triple in one message, and only its last part */
	ROW(J("'MESSAGE':'NVRM: The NVIDIA GPU 0000:b3:00.0\\nNVRM: (PCI ID: 10de:26b5) installed in this system has\\n"
		"NVRM: fallen off the bus and is not responding to commands.'"),
		"xid " TS " gpu-7 0000:b3:00.0 79 bare 'NVRM: fallen off the bus and is not responding to commands.'|gpu " TS " gpu-7 0000:b3:00.0 -|"),
	ROW(J("'MESSAGE':'NVRM: fallen off the bus and is not responding to commands.'"),
		"xid " TS " gpu-7 - 79 bare 'NVRM: fallen off the bus and is not responding to commands.'|"),
	ROW(J("'MESSAGE':'NVRM: The NVIDIA GPU 0000:b3:00.0'"), "gpu " TS " gpu-7 0000:b3:00.0 -|"),
	/* nothing */
	ROW(J("'MESSAGE':'see " X79 "'"), ""), ROW(J("'MESSAGE':''"), ""), ROW(J("'MESSAGE':{'a':1}"), ""),
	ROW("{'__REALTIME_TIMESTAMP':'" US "'}", ""),
};

static const struct row dmesg[] = {
	ROW("{'dmesg':[{'pri':4,'time':     8.000000,'msg':'" X79 "'}]}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{\n   'dmesg': [\n      {\n         'pri': 6,\n         'time':     0.000000,\n         'caller': 'T0',\n"
		"         'msg': 'other'\n      },{\n         'pri': 4,\n         'time':    12.500000,\n         'msg': '" X79 "'\n      }\n   ]\n}\n",
		"xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':'2026-05-14T03:12:00,401223+00:00','msg':'" X79 "'}", "xid 2026-05-14T03:12:00.401223Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':'+0.000003','msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'dmesg':[]}", ""),
	ROW("{'pri':4,'time':8.0,'caller':'T291','msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'fac':'kern','pri':'warn','time':8.0,'msg':'" X79 "','hostname':'gpu-7'}", "xid - gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':8.0,'msg':'one\\n" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':8.0,'msg':'said " X79 "'}", ""),
	ROW("{'pri':4,'time':8.0,'msg':null}", ""),
	ROW("{'pri':6,'time':0.0,'msg':'Linux version 6.8.0'}", "recovery - - - - reboot started|"),
	ROW("{'priority':4,'sequence':17,'sec':8,'usec':500000,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'date':1772600767.0,'priority':4,'sequence':17,'sec':8,'usec':500000,'msg':'" X79 "'}", "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
};

/* The same with 2026-03-04T05:06:07Z as the time of boot. */
static const struct row dated[] = {
	ROW("{'pri':4,'time':0.000000,'msg':'" X79 "'}", "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'dmesg':[{'pri':4,'time':    12.500000,'msg':'" X79 "'}]}", "xid 2026-03-04T05:06:19.500Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':86400.000001,'msg':'" X79 "'}", "xid 2026-03-05T05:06:07.000001Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':8,'usec':500000,'msg':'" X79 "'}", "xid 2026-03-04T05:06:15.500Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':8,'usec':1000000,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'date':1772600767.0,'priority':4,'sequence':17,'sec':8,'usec':500000,'msg':'" X79 "'}", "xid 2026-03-04T05:06:15.500Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':'soon','msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':9e18,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	/* before the boot, and the ends of the range */
	ROW("{'pri':4,'time':-1.5,'msg':'" X79 "'}", "xid 2026-03-04T05:06:05.500Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':8,'usec':0,'msg':'" X79 "'}", "xid 2026-03-04T05:06:15Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':8,'usec':999999,'msg':'" X79 "'}", "xid 2026-03-04T05:06:15.999999Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':8,'usec':-1,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':'x','usec':1,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'priority':4,'sequence':17,'sec':9223372036,'usec':999999,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':7450771269.854775807,'msg':'" X79 "'}", "xid 2262-04-11T23:47:16.854775807Z - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'time':7450771269.854775808,'msg':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	/* of other programs: with another time, without a number */
	ROW("{'priority':4,'msg':'" X79 "','time':8.0}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'pri':4,'timereported':'" TS "','msg':'" X79 "','time':8.0}", "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	/* other dialects have their own clocks, or none */
	ROW("{'MESSAGE':'" X79 "','_TRANSPORT':'kernel'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
};

static const struct row kubernetes[] = {
	ROW(EVICTED, LOST),
	ROW(EV("Evicted", "The node was low on resource: memory. ", "'kind':'Event','apiVersion':'v1'," HOST "," ONCE),
		"loss " TS " gpu-7 ml/train-0 p1 Evicted event e=e1 'The node was low on resource: memory.'|place " TS " gpu-7 ml/train-0 p1|"),
	/* time: of several occurrences the first and the last */
	ROW(EV("Evicted", "low", HOST ",'firstTimestamp':'" TS0 "','lastTimestamp':'" TS "','count':3"),
		"loss " TS0 " gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|" LOST),
	ROW(EV("Evicted", "low", HOST ",'eventTime':'2026-03-04T05:06:00.000000Z','series':{'count':3,'lastObservedTime':'" TS "'},"
		"'firstTimestamp':null,'lastTimestamp':null"),
		"loss " TS0 " gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|" LOST),
	ROW(EV("Evicted", "low", HOST ",'eventTime':'2026-03-04T05:06:07.123456Z','firstTimestamp':null,'lastTimestamp':null"),
		"loss 2026-03-04T05:06:07.123456Z gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|place 2026-03-04T05:06:07.123456Z gpu-7 ml/train-0 p1|"),
	ROW(EV("Evicted", "low", HOST ",'lastTimestamp':'2026-03-04T07:06:07+02:00'"), LOST),
	ROW(EV("Evicted", "low", HOST ",'firstTimestamp':'" TS "'"), LOST),
	ROW("{'metadata':{'uid':'e1','creationTimestamp':'" TS "'},'involvedObject':{'kind':'Pod','namespace':'ml','name':'train-0','uid':'p1'},"
		"'reason':'Evicted','message':'low'," HOST "}", LOST),
	ROW(EV("Evicted", "low", HOST), "loss - gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|place - gpu-7 ml/train-0 p1|"),
	/* node: the kubelet's host, not a controller's instance */
	ROW(EV("Evicted", "low", "'source':{},'reportingComponent':'kubelet','reportingInstance':'gpu-7'," ONCE), LOST),
	ROW(EV("Evicted", "low", "'source':{'component':'kubelet','host':'GPU-7'},'reportingInstance':''," ONCE), LOST),
	ROW(EV("TaintManagerEviction", "Marking for deletion Pod ml/train-0", "'source':{'component':'taint-eviction-controller'},"
		"'reportingComponent':'taint-eviction-controller','reportingInstance':'kcm-0'," ONCE),
		"loss " TS " - ml/train-0 p1 TaintManagerEviction event e=e1 foreign 'Marking for deletion Pod ml/train-0'|"),
	/* events.k8s.io/v1 */
	ROW("{'apiVersion':'events.k8s.io/v1','kind':'Event','metadata':{'uid':'e1','namespace':'ml'},'regarding':{'kind':'Pod','namespace':'ml',"
		"'name':'train-0','uid':'p1'},'reason':'Evicted','note':'low','eventTime':'" TS "','reportingController':'kubelet','reportingInstance':'gpu-7'}", LOST),
	ROW("{'metadata':{'uid':'e1'},'regarding':{'kind':'Pod','namespace':'ml','name':'train-0','uid':'p1'},'reason':'Evicted','note':'low',"
		"'eventTime':null,'deprecatedSource':{'host':'gpu-7'},'deprecatedFirstTimestamp':'" TS0 "','deprecatedLastTimestamp':'" TS "','deprecatedCount':9}",
		"loss " TS0 " gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|" LOST),
	/* an Event about an object needs no note */
	ROW("{'metadata':{'uid':'e1'},'regarding':{'kind':'Pod','namespace':'ml','name':'train-0','uid':'p1'},'reason':'Evicted',"
		"'eventTime':'" TS "','reportingController':'kubelet','reportingInstance':'gpu-7'}",
		"loss " TS " gpu-7 ml/train-0 p1 Evicted event e=e1 ''|place " TS " gpu-7 ml/train-0 p1|"),
	ROW("{'metadata':{'uid':'e1'},'object':'Pod/train-0','reason':'Evicted','eventTime':'" TS "'}", ""),
	/* a record is not opened; other values are, before their text is read */
	ROW("{'kernelevents.xid':48,'events':[{'kernelevents.xid':79}]}", "xid - - - 48 ''|"),
	ROW("{'message':'" X48 "','events':[{'kernelevents.xid':79}]}", "xid - - - 79 ''|"),
	/* wrappers of Events */
	ROW("{'apiVersion':'v1','items':[" EVICTED "," EVICTED "],'kind':'List','metadata':{'resourceVersion':''}}", LOST),
	ROW("{'kind':'EventList','apiVersion':'v1','metadata':{},'items':[" EVICTED "," EV("Preempted", "x", ONCE) "]}",
		"loss " TS " gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|loss " TS " - ml/train-0 p1 Preempted event e=e1 'x'|place " TS " gpu-7 ml/train-0 p1|"),
	ROW("{'items':[]}", ""),
	ROW("[" EVICTED ",[{'items':[" EVICTED "]}]]", LOST),
	ROW("{'type':'ADDED','object':" EVICTED "}", LOST),
	ROW("{'type':'MODIFIED','object':" EVICTED "}", LOST),
	ROW("{'type':'BOOKMARK','object':{'kind':'Event','metadata':{'resourceVersion':'12'}}}", ""),
	ROW("{'type':'ERROR','object':{'kind':'Status','status':'Failure','reason':'Expired','message':'too old','code':410}}", ""),
	ROW("{'verb':'ADDED','event':" EVICTED ",'old_event':null}", LOST),
	ROW("{'kind':'Event','apiVersion':'audit.k8s.io/v1','verb':'create','requestObject':" EVICTED ",'responseObject':" EVICTED "}", LOST),
	ROW("{'@timestamp':'" TS "','host':{'name':'agent-1'},'kubernetes':{'event':{'metadata':{'uid':'e1'},'involved_object':{'kind':'Pod',"
		"'namespace':'ml','name':'train-0','uid':'p1'},'reason':'Evicted','message':'low','source':{'host':'gpu-7'},"
		"'timestamp':{'first_occurrence':'" TS0 "','last_occurrence':'" TS "'}}}}",
		"loss " TS0 " gpu-7 ml/train-0 p1 Evicted event e=e1 'low'|" LOST),
	ROW("{'_entry':'Node is not ready','count':1,'lastTimestamp':'" TS "','namespace':'ml','object':'Pod/train-0','reason':'NodeNotReady','source':'node-controller'}",
		"loss " TS " - ml/train-0 - NodeNotReady event 'Node is not ready'|"),
	ROW("{'_entry':'Node gpu-7 status is now: NodeNotReady','lastTimestamp':'" TS "','namespace':'default','object':'Node/gpu-7','reason':'NodeNotReady'}", ""),
	ROW("{'items':[{'namespace':'ml','lastTimestamp':'" TS "','reason':'Evicted','message':'low','type':'Warning'}]}", ""),
	/* an Event about a node is not a loss, but may contain the kernel's line */
	ROW("{'involvedObject':{'kind':'Node','name':'gpu-7','uid':'gpu-7'},'reason':'NodeNotReady','message':'Node gpu-7 status is now: NodeNotReady'," ONCE "}", ""),
	ROW("{'involvedObject':{'kind':'Node','name':'gpu-7'},'reason':'SystemOOM','message':'System OOM encountered, victim process: python'," ONCE "}", ""),
	ROW("{'metadata':{'uid':'e2'},'involvedObject':{'kind':'Node','name':'gpu-7'},'reason':'XidError','message':'" X79 "','source':{'component':'kernel-monitor','host':'gpu-7'}," ONCE "}",
		"xid " TS " gpu-7 0000:3b:00.0 79 e=e2 '" X79 "'|"),
	ROW(EV("NodeNotReady", "Node is not ready", "'source':{'component':'node-controller'}," ONCE),
		"loss " TS " - ml/train-0 p1 NodeNotReady event e=e1 foreign 'Node is not ready'|"),
	/* taint evictions: the pod may be only in the text; canceled ones */
	ROW("{'reason':'TaintManagerEviction','message':'Marking for deletion Pod ml/train-0','lastTimestamp':'" TS "'}",
		"loss " TS " - ml/train-0 - TaintManagerEviction event 'Marking for deletion Pod ml/train-0'|"),
	ROW("{'reason':'TaintManagerEviction','message':'Cancelling deletion of Pod ml/train-0','lastTimestamp':'" TS "'}",
		"loss " TS " - ml/train-0 - TaintManagerEviction cancel 'Cancelling deletion of Pod ml/train-0'|"),
	ROW(EV("TaintManagerEviction", "Cancelling deletion of Pod ml/train-0", ONCE),
		"loss " TS " - ml/train-0 p1 TaintManagerEviction cancel e=e1 'Cancelling deletion of Pod ml/train-0'|"),
	ROW("{'reason':'TaintManagerEviction','message':'Marking for deletion','lastTimestamp':'" TS "'}", ""),
	/* preemption: the text names the node */
	ROW(EV("Preempted", "Preempted by ml/other on node gpu-7", ONCE),
		"loss " TS " gpu-7 ml/train-0 p1 Preempted event e=e1 'Preempted by ml/other on node gpu-7'|place " TS " gpu-7 ml/train-0 p1|"),
	ROW(EV("Preempted", "Preempted by a pod on node gpu-7.cluster.local", ONCE),
		"loss " TS " gpu-7.cluster.local ml/train-0 p1 Preempted event e=e1 'Preempted by a pod on node gpu-7.cluster.local'|"
		"place " TS " gpu-7.cluster.local ml/train-0 p1|"),
	ROW(EV("Preempted", "Preempted by pod 0a1b-2c3d on node gpu-7 (in kube-scheduler memory).", ONCE),
		"loss " TS " gpu-7 ml/train-0 p1 Preempted event e=e1 'Preempted by pod 0a1b-2c3d on node gpu-7 (in kube-scheduler memory).'|place " TS " gpu-7 ml/train-0 p1|"),
	ROW(EV("Preempted", "Preempted by a pod", ONCE), "loss " TS " - ml/train-0 p1 Preempted event e=e1 'Preempted by a pod'|"),
	/* nodes of pods */
	ROW(EV("Scheduled", "Successfully assigned ml/train-0 to gpu-7", "'eventTime':'" TS "','source':{},'reportingComponent':'default-scheduler','reportingInstance':'sched-0'"),
		"place " TS " gpu-7 ml/train-0 p1|"),
	ROW(EV("Killing", "Stopping container trainer", HOST "," ONCE), "place " TS " gpu-7 ml/train-0 p1|"),
	/* no losses */
	ROW(EV("Started", "Started container trainer", HOST "," ONCE), ""),
	ROW(EV("BackOff", "Back-off restarting failed container", HOST "," ONCE), ""),
	ROW(EV("OOMKilled", "x", HOST "," ONCE), ""),
	ROW(EV("evicted", "x", HOST "," ONCE), ""),
	ROW("{'involvedObject':{'kind':'Workload','namespace':'ml','name':'job-1','uid':'w1'},'reason':'Evicted','message':'Preempted to accommodate a workload'," ONCE "}", ""),
	ROW("{'involvedObject':{'kind':'Workload','namespace':'ml','name':'job-1'},'reason':'Preempted','message':'x'," ONCE "}", ""),
	ROW("{'involvedObject':{'kind':'Job','name':'job-1'},'reason':'Evicted','message':'x'}", ""),
	/* evictions by the descheduler and others */
	ROW(EV("Evicted", "pod evicted from gpu-7 node by descheduler", "'source':{'component':'descheduler'}," ONCE),
		"loss " TS " - ml/train-0 p1 Evicted event e=e1 foreign 'pod evicted from gpu-7 node by descheduler'|"),
	/* wrong types and missing members */
	ROW("{'involvedObject':'train-0','reason':'Evicted','message':'x'}", ""),
	ROW("{'involvedObject':{},'reason':'Evicted','message':'x'}", ""),
	ROW("{'involvedObject':{'kind':'Pod','name':null},'reason':'Evicted'}", ""),
	ROW("{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':['Evicted','Killing']}", ""),
	ROW("{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':['Evicted']}", "loss - - /train-0 - Evicted event ''|"),
	ROW("{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':null,'message':null}", ""),
	ROW("{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}", "loss - - /train-0 - Evicted event ''|"),
	/* lost Pods */
	ROW(POD("'phase':'Failed','reason':'Evicted','message':'low'"),
		"loss - gpu-7 ml/train-0 p1 Evicted object e=p1 'low'|" PLACED),
	ROW(POD("'phase':'Failed','reason':'NodeLost'"), "loss - gpu-7 ml/train-0 p1 NodeLost object e=p1 ''|" PLACED),
	ROW(POD("'phase':'Failed','reason':'NodeShutdown','message':'x'"), "loss - gpu-7 ml/train-0 p1 NodeShutdown object e=p1 'x'|" PLACED),
	ROW(POD("'phase':'Failed','reason':'Terminated','message':'x'"), "loss - gpu-7 ml/train-0 p1 Terminated object e=p1 'x'|" PLACED),
	ROW(POD("'phase':'Failed','reason':'Evicted','message':'low','conditions':[{'type':'Ready','status':'False','lastTransitionTime':'" TS0 "'},"
		"{'type':'DisruptionTarget','status':'True','reason':'TerminationByKubelet','lastTransitionTime':'" TS "'}]"),
		"loss " TS " gpu-7 ml/train-0 p1 Evicted object e=p1 'low'|" PLACED),
	ROW(POD("'phase':'Failed','reason':'Evicted','containerStatuses':[{'state':{'terminated':{'finishedAt':'" TS0 "'}}},"
		"{'state':{'terminated':{'finishedAt':'" TS "'}}},{'state':{'running':{}}}],'conditions':[{'type':'Ready','status':'False','lastTransitionTime':'2026-03-04T05:00:00Z'}]"),
		"loss " TS " gpu-7 ml/train-0 p1 Evicted object e=p1 ''|" PLACED),
	ROW(POD("'phase':'Failed','reason':'Evicted','conditions':[{'type':'Ready','status':'False','lastTransitionTime':'" TS "'}]"),
		"loss " TS " gpu-7 ml/train-0 p1 Evicted object e=p1 ''|" PLACED),
	ROW(POD("'phase':'Running','conditions':[{'type':'DisruptionTarget','status':'True','reason':'DeletionByTaintManager',"
		"'message':'Taint manager: deleting','lastTransitionTime':'" TS "'}]"),
		"loss " TS " gpu-7 ml/train-0 p1 DeletionByTaintManager object e=p1 foreign 'Taint manager: deleting'|" PLACED),
	ROW(POD("'phase':'Running','conditions':[{'type':'DisruptionTarget','status':'False','reason':'x','lastTransitionTime':'" TS "'}]"), PLACED),
	ROW("{'kind':'PodList','items':[{'metadata':{'name':'train-0','namespace':'ml','uid':'p1'},'spec':{'nodeName':'gpu-7'},'status':{'phase':'Failed','reason':'Evicted'}}]}",
		"loss - gpu-7 ml/train-0 p1 Evicted object e=p1 ''|" PLACED),
	ROW("{'type':'DELETED','object':" POD("'phase':'Failed','reason':'Evicted'") "}", "loss - gpu-7 ml/train-0 p1 Evicted object e=p1 ''|" PLACED),
	ROW("{'kind':'Pod','metadata':{'name':'train-0'},'spec':{},'status':{'phase':'Failed','reason':'Evicted'}}", "loss - - /train-0 - Evicted object ''|"),
	/* Pods that were not lost */
	ROW(POD("'phase':'Running'"), PLACED),
	ROW(POD("'phase':'Succeeded','reason':'Evicted'"), PLACED),
	ROW(POD("'phase':'Running','reason':'Terminated'"), PLACED),
	ROW(POD("'phase':'Failed','reason':'UnexpectedAdmissionError'"),
		"loss - gpu-7 ml/train-0 p1 UnexpectedAdmissionError object e=p1 ''|" PLACED),
	ROW(POD("'phase':'Failed','containerStatuses':[{'state':{'terminated':{'reason':'OOMKilled','exitCode':137,'finishedAt':'" TS "'}}}]"), PLACED),
	ROW(POD("'phase':'Failed','containerStatuses':[{'state':{'terminated':{'reason':'Error','exitCode':1}}}]"), PLACED),
	ROW("{'kind':'Pod','metadata':{'name':'train-0','deletionTimestamp':'" TS "'},'spec':{},'status':{'phase':'Running'}}", ""),
	ROW("{'kind':'Pod','metadata':{},'spec':{'nodeName':'gpu-7'},'status':{'phase':'Failed','reason':'Evicted'}}", ""),
	ROW(NODE("'conditions':[{'type':'GpuXid','status':'False','lastTransitionTime':'" TS "','message':'" X79 "'}]"), ""),
	ROW(NODE("'conditions':[{'type':'AcceleratedHardwareReady','status':'False','lastTransitionTime':'" TS "','reason':'NvidiaXID79Error'}]"),
		"xid " TS " gpu-7 - 79 e=n1 'NvidiaXID79Error'|"),
	ROW(NODE("'conditions':[{'type':'AcceleratedHardwareReady','status':'True','lastTransitionTime':'" TS "','reason':'NvidiaXID79Error'}]"), ""),
	ROW(NODE("'conditions':[{'type':'NvidiaXid48','status':'True','lastTransitionTime':'" TS "','message':'bad'}]"), "xid " TS " gpu-7 - 48 e=n1 'bad'|"),
	ROW(NODE("'conditions':[{'type':'XidCriticalError','status':'True','lastTransitionTime':'" TS "','message':'{\\'48\\':false,\\'79\\':true}'}]"),
		"xid " TS " gpu-7 - 79 e=n1 '{\"48\":false,\"79\":true}'|"),
	ROW("{'kind':'Node','metadata':{'name':'gpu-7'},'spec':{},'status':{'conditions':[{'type':'Ready','status':'Unknown','reason':'NodeStatusUnknown'}]}}", ""),
	/* nodes, whose conditions have the last transition */
	ROW(NODE("'nodeInfo':{},'conditions':[{'type':'MemoryPressure','status':'True','lastHeartbeatTime':'2027-01-01T00:00:00Z','lastTransitionTime':'" TS "',"
		"'reason':'KubeletHasInsufficientMemory','message':'low'},{'type':'DiskPressure','status':'False','lastTransitionTime':'" TS0 "'},"
		"{'type':'PIDPressure','status':'Unknown','lastTransitionTime':'" TS0 "'},{'type':'Ready','status':'True','lastTransitionTime':'" TS0 "'}]"),
		"condition " TS0 " gpu-7 disk off e=n1 ''|condition " TS " gpu-7 memory on e=n1 'low'|"),
	ROW(NODE("'conditions':[{'type':'PIDPressure','status':'True','lastHeartbeatTime':'" TS "'}]"), "condition - gpu-7 pid on e=n1 ''|"),
	ROW("{'metadata':{'name':'gpu-7'},'spec':{},'status':{'phase':'Running','nodeInfo':{'kubeletVersion':'v1'},'conditions':[{'type':'PIDPressure','status':'True'}]}}",
		"condition - gpu-7 pid on ''|"),
	ROW("{'metadata':{'name':'gpu-7'},'status':{'conditions':[{'type':'PIDPressure','status':'True'}]}}", ""),
	ROW("{'kind':'Node','metadata':{},'status':{'conditions':[{'type':'PIDPressure','status':'True'}]}}", ""),
	ROW("{'kind':'Node','metadata':{'name':'gpu-7'},'status':{'conditions':{'type':'PIDPressure','status':'True'}}}", ""),
	ROW("{'type':'MODIFIED','object':" NODE("'conditions':[{'type':'PIDPressure','status':'False','lastTransitionTime':'" TS "'}]") "}", "condition " TS " gpu-7 pid off e=n1 ''|"),
	/* Events about nodes: each occurrence is a transition */
	ROW(NE("NodeHasDiskPressure", ONCE), "condition " TS " gpu-7 disk on NodeHasDiskPressure e=e1 'm'|"),
	ROW(NE("NodeHasNoDiskPressure", ONCE), "condition " TS " gpu-7 disk off NodeHasNoDiskPressure e=e1 'm'|"),
	ROW(NE("NodeHasInsufficientMemory", ONCE), "condition " TS " gpu-7 memory on NodeHasInsufficientMemory e=e1 'm'|"),
	ROW(NE("NodeHasSufficientMemory", ONCE), "condition " TS " gpu-7 memory off NodeHasSufficientMemory e=e1 'm'|"),
	ROW(NE("NodeHasInsufficientPID", ONCE), "condition " TS " gpu-7 pid on NodeHasInsufficientPID e=e1 'm'|"),
	ROW(NE("NodeHasSufficientPID", ONCE), "condition " TS " gpu-7 pid off NodeHasSufficientPID e=e1 'm'|"),
	ROW(NE("Rebooted", ONCE), "condition " TS " gpu-7 unknown off Rebooted e=e1 'm'|"),
	ROW(NE("EvictionThresholdMet", ONCE), ""),
	ROW(NE("NodeReady", ONCE), ""),
	ROW(NE("NodeHasDiskPressure", "'firstTimestamp':'" TS0 "','lastTimestamp':'" TS "','count':7"),
		"condition " TS0 " gpu-7 disk on NodeHasDiskPressure e=e1 'm'|condition " TS " gpu-7 disk on NodeHasDiskPressure e=e1 'm'|"),
	ROW("{'metadata':{'uid':'e1'},'regarding':{'kind':'Node','name':'gpu-7'},'reason':'EvictionThresholdMet','note':'Attempting to reclaim ephemeral-storage','eventTime':'" TS "'}",
		"condition " TS " gpu-7 disk on EvictionThresholdMet e=e1 'Attempting to reclaim ephemeral-storage'|"),
	ROW("{'reason':'NodeHasDiskPressure','message':'Node gpu-7 status is now: NodeHasDiskPressure','lastTimestamp':'" TS "'}",
		"condition " TS " gpu-7 disk on NodeHasDiskPressure 'Node gpu-7 status is now: NodeHasDiskPressure'|"),
	ROW("{'reason':'EvictionThresholdMet','type':'Warning','message':'Attempting to reclaim pids','source':{'host':'gpu-7'}}",
		"condition - gpu-7 pid on EvictionThresholdMet 'Attempting to reclaim pids'|"),
	ROW(EV("NodeHasDiskPressure", "of a pod", HOST "," ONCE), ""),
	/* annotations by the kubelet, and by others */
	ROW("{'metadata':{'uid':'e1','annotations':{'starved_resource':'memory','offending_containers':'a,b','offending_containers_usage':'1Ki,2Ki'}},"
		"'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted','lastTimestamp':'" TS "'}",
		"loss " TS " - /train-0 - Evicted event e=e1 o=memory\na,b\n1Ki,2Ki ''|"),
	ROW("{'metadata':{'annotations':{'offending_pod':'x','offending_pod_usage':'7'}},'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}",
		"loss - - /train-0 - Evicted event o=\n\n7 ''|"),
	ROW("{'metadata':{'annotations':{'starved_resource':'a\\nb'}},'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}",
		"loss - - /train-0 - Evicted event o=a b\n\n ''|"),
	ROW(EV("Evicted", "low", "'source':{'component':'karpenter'}," ONCE), "loss " TS " - ml/train-0 p1 Evicted event e=e1 foreign 'low'|"),
	ROW("{'kind':'Job','metadata':{'name':'job-1'},'status':{'failed':1,'conditions':[{'type':'DisruptionTarget','status':'True'}]}}", ""),
};

/* Events: which members decide what */
static const struct row events[] = {
	/* the source's host before the reporting instance, which is a node only if the kubelet reports */
	ROW(EV("Evicted", "low", HOST ",'reportingInstance':'other'," ONCE), LOST),
	ROW(EV("Evicted", "low", "'reportingInstance':'gpu-7'," ONCE), LOST),
	ROW(EV("Evicted", "low", "'reportingComponent':'descheduler','reportingInstance':'gpu-7'," ONCE), "loss " TS " - ml/train-0 p1 Evicted event e=e1 foreign 'low'|"),
	ROW(EV("Evicted", "low", "'component':'kubelet','host':'gpu-7'," ONCE), LOST),
	ROW(EV("Evicted", "low", HOST ",'component':'kubelet','host':'other'," ONCE), LOST),
	ROW(EV("Evicted", "low", "'component':'shipper','host':'gpu-7'," ONCE), "loss " TS " - ml/train-0 p1 Evicted event e=e1 foreign 'low'|"),
	ROW(EV("Evicted", "low", "'source':{'component':'kubelet'},'host':'gpu-7'," ONCE), "loss " TS " - ml/train-0 p1 Evicted event e=e1 'low'|"),
	ROW(EV("Evicted", "low", HOST ",'k8s.node.name':'other'," ONCE), LOST),
	ROW(EV("Evicted", "low", "'k8s.node.name':'gpu-7'," ONCE), LOST),
	/* the text of the record around it, at most two levels up, and of objects only */
	ROW("{'message':'low','event':{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}}", "loss - - /train-0 - Evicted event 'low'|"),
	ROW("{'message':'low','a':{'event':{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}}}", "loss - - /train-0 - Evicted event 'low'|"),
	ROW("{'message':'low','a':{'b':{'event':{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}}}}", "loss - - /train-0 - Evicted event ''|"),
	ROW("{'message':'low','list':[{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}]}", "loss - - /train-0 - Evicted event ''|"),
	ROW("{'message':'other','event':{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted','message':'low'}}", "loss - - /train-0 - Evicted event 'low'|"),
	/* without an object it is an Event only with a reason of one and a text */
	ROW("{'kind':'Pod','name':'train-0','namespace':'ml','reason':'Evicted','message':'low','log':'" X79 "'}", "loss - - ml/train-0 - Evicted event 'low'|"),
	ROW("{'kind':'Pod','name':'train-0','reason':'Evicted','log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Pod','name':'train-0','message':'Evicted','log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Pod','name':'train-0','reason':'Started','message':'Evicted','log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Pod','name':'train-0','k8s.node.name':'gpu-7','reason':'Scheduled','message':'x','log':'" X79 "'}", "place - gpu-7 /train-0 -|"),
	ROW("{'kind':'Pod','name':'train-0','k8s.node.name':'gpu-7','reason':'Killing','message':'x','log':'" X79 "'}", "place - gpu-7 /train-0 -|"),
	ROW("{'kind':'Node','name':'gpu-7','reason':'NodeHasDiskPressure','message':'x','log':'" X79 "'}", "condition - gpu-7 disk on NodeHasDiskPressure 'x'|"),
	ROW("{'name':'train-0','reason':'Evicted','message':'low'}", ""),
	/* the Event's own kind is not its object's */
	ROW("{'kind':'Event','name':'train-0','reason':'Evicted','message':'low'}", ""),
	ROW("{'kind':'Event','involvedObject':{'name':'train-0'},'reason':'Evicted','message':'low'}", "loss - - /train-0 - Evicted event 'low'|"),
	ROW("{'kind':'Pod','name':'train-0','object':'Node/gpu-9','reason':'Evicted','message':'low'}", "loss - - /train-0 - Evicted event 'low'|"),
	ROW("{'object':'train-0','reason':'Evicted','message':'low'}", ""),
	/* a name of objects as JSON in a string */
	ROW("{'involvedObject':'{\\'kind\\':\\'Pod\\',\\'name\\':\\'train-0\\'}','reason':'Evicted','message':'low'}", "loss - - /train-0 - Evicted event 'low'|"),
	ROW("{'metadata':'{\\'uid\\':\\'e1\\'}','regarding':'{\\'kind\\':\\'Pod\\',\\'name\\':\\'train-0\\'}','reason':'Evicted','note':'low'}", "loss - - /train-0 - Evicted event e=e1 'low'|"),
	/* the kernel's line in a node's Event has the Event's time and node, whatever is in front of it */
	ROW("{'metadata':{'uid':'e2'},'involvedObject':{'kind':'Node','name':'gpu-7'},'reason':'XidError','message':'" TS0 " gpu-8 kernel: " X79 "'," ONCE "}",
		"xid " TS " gpu-7 0000:3b:00.0 79 e=e2 '" X79 "'|"),
	/* the kubelet's own log */
	ROW("{'ts':1772600767.0,'msg':'Evicting pod','pod':{'name':'train-0','namespace':'ml'},'podUID':'p1','message':'low','log':'" X79 "'}",
		"loss " TS " - ml/train-0 p1 Evicted event 'low'|"),
	ROW("{'ts':1772600767.0,'msg':'Eviction manager: pod is evicted successfully','pod':{'name':'train-0','namespace':'ml'}}",
		"loss " TS " - ml/train-0 - Evicted event ''|"),
	ROW("{'ts':1772600767.0,'msg':'Evicting pods','pod':{'name':'train-0','namespace':'ml'}}", ""),
	ROW("{'ts':1772600767.0,'msg':'Evicting pod','pod':'ml/train-0'}", ""),
};

/* an audit record of an eviction, with further members of its object and of itself */
#define AUDIT(object, more) \
	"{'kind':'Event','auditID':'a1','stage':'ResponseComplete','requestURI':'/e','user':{'username':'ops'},'objectRef':{'resource':'pods','namespace':'ml','name':'train-0'" object "}," \
	"'requestReceivedTimestamp':'" TS "'," more "}"
#define GOOGLE(more) \
	"{'insertId':'i1','timestamp':'" TS "','protoPayload':{'methodName':'io.k8s.core.v1.pods.eviction.create','resourceName':'core/v1/namespaces/ml/pods/train-0/eviction'" more "}}"
#define ORACLE(path, status, more) \
	"{'identity':{'principalName':'ops'},'request':{'id':'r1','action':'POST','path':'" path "'" more "},'response':{'status':'" status "'},'timestamp':'" TS "'}"
#define BY_API(uid, user) "loss " TS " - ml/train-0 - EvictionByEvictionAPI event e=" uid " foreign" user " ''|"

static const struct row audits[] = {
	ROW(AUDIT(",'subresource':'eviction'", "'responseStatus':{'code':201}"), BY_API("a1", " by=ops")),
	/* refused, unfinished, a dry run, other objects: known, but no loss, and nothing else either */
	ROW(AUDIT(",'subresource':'eviction'", "'responseStatus':{'code':429},'log':'" X79 "'"), ""),
	ROW(AUDIT(",'subresource':'eviction'", "'responseStatus':{}"), ""),
	ROW(AUDIT(",'subresource':'eviction'", "'responseStatus':{'code':201},'stage':'RequestReceived'"), ""),
	ROW(AUDIT(",'subresource':'eviction'", "'responseStatus':{'code':201},'requestURI':'/e?dryRun=All'"), ""),
	ROW(AUDIT(",'subresource':'eviction','name':''", "'responseStatus':{'code':201}"), ""),
	ROW(AUDIT(",'subresource':'binding'", "'responseStatus':{'code':201},'log':'" X79 "'"), "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(AUDIT(",'subresource':'eviction','resource':'nodes'", "'responseStatus':{'code':201},'log':'" X79 "'"), "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	/* Azure's */
	ROW("{'AuditId':'a1','Stage':'ResponseComplete','RequestUri':'/e','User':{'username':'ops'},'ObjectRef':{'resource':'pods','namespace':'ml','name':'train-0','subresource':'eviction'},"
		"'RequestReceivedTime':'" TS "','ResponseStatus':{'code':201}}", BY_API("a1", " by=ops")),
	/* Google's */
	ROW(GOOGLE(",'authenticationInfo':{'principalEmail':'ops@x'}"), BY_API("i1", " by=ops@x")),
	ROW(GOOGLE(",'status':{'code':0},'response':{'code':201}"), BY_API("i1", "")),
	ROW(GOOGLE(",'status':{'code':7}"), ""),
	ROW(GOOGLE(",'response':{'code':429}"), ""),
	ROW(GOOGLE(",'request':{'deleteOptions':{'dryRun':['All']}}"), ""),
	ROW("{'insertId':'i1','timestamp':'" TS "','protoPayload':{'methodName':'io.k8s.core.v1.pods.eviction.create','resourceName':'core/v1/namespaces/ml/pods//eviction'},'log':'" X79 "'}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'insertId':'i1','timestamp':'" TS "','protoPayload':{'methodName':'io.k8s.core.v1.pods.create','resourceName':'core/v1/namespaces/ml/pods/train-0/eviction'},'log':'" X79 "'}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'insertId':'i1','timestamp':'" TS "','protoPayload':{'methodName':'io.k8s.core.v1.pods.eviction.create','resourceName':'core/v1/nodes/ml/pods/train-0'},'log':'" X79 "'}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'insertId':'i1','timestamp':'" TS "','protoPayload':{'methodName':'io.k8s.core.v1.pods.eviction.create','resourceName':'core/v1/namespaces/ml/jobs/train-0/eviction'},'log':'" X79 "'}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	/* Oracle's */
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction", "201", ""), BY_API("r1", " by=ops")),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction?timeout=1s", "201", ""), BY_API("r1", " by=ops")),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction?dryRun=All", "201", ""), ""),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction", "429", ""), ""),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction", "201", ",'action':'GET'"), ""),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction", "201", ",'parameters':{'dryRun':['All']}"), ""),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/eviction", "429", ",'log':'" X79 "'"), ""),
	ROW(ORACLE("/api/v1/namespaces/ml/pods/train-0/binding", "201", ",'log':'" X79 "'"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(ORACLE("/api/v1/namespaces/ml/pods//eviction", "201", ",'log':'" X79 "'"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(ORACLE("/api/v1/namespaces/ml/jobs/train-0/eviction", "201", ",'log':'" X79 "'"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(ORACLE("/api/v1/nodes/ml/pods/train-0/eviction", "201", ",'log':'" X79 "'"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
};

/* a pod of a job: metadata besides its name, containers, status */
#define JOB(meta, containers, status) \
	"{'kind':'Pod','metadata':{'name':'train-0','namespace':'ml','uid':'p1'" meta "},'spec':{'nodeName':'gpu-7','containers':[" containers "]},'status':{" status "}}"
#define LABEL(name, value) ",'labels':{'" name "':'" value "'}"
#define IN_JOB(is) PLACED "pod - gpu-7 ml/train-0 p1 " is "|"
#define EIGHT "{'name':'main','resources':{'limits':{'nvidia.com/gpu':'8'}}}"
#define ENV(name, value) "{'name':'" name "','value':'" value "'}"
#define ENDED(code, at) "{'terminated':{'exitCode':" code ",'finishedAt':'" at "'}}"

static const struct row jobs[] = {
	/* times: of the start, or else the creation; of the placement the other way round */
	ROW(JOB(",'creationTimestamp':'" TS0 "'", "", "'startTime':'" TS "','podIP':'10.0.0.7','conditions':[{'type':'Ready','status':'True','lastTransitionTime':'" TS "'}]"),
		"place - gpu-7 ml/train-0 p1 created=" TS0 " ready=" TS "|pod " TS " gpu-7 ml/train-0 p1 -1 0 0 ip=10.0.0.7|"),
	ROW(JOB(",'creationTimestamp':'" TS0 "'", "", "'conditions':[{'type':'Ready','status':'False','lastTransitionTime':'" TS "'},{'type':'Other','status':'True','lastTransitionTime':'" TS "'}]"),
		"place - gpu-7 ml/train-0 p1 created=" TS0 "|pod " TS0 " gpu-7 ml/train-0 p1 -1 0 0|"),
	ROW(JOB("", "", "'startTime':'" TS "','phase':'Succeeded'"), "place - gpu-7 ml/train-0 p1 created=" TS "|pod " TS " gpu-7 ml/train-0 p1 -1 0 0 succeeded|"),
	/* not yet on a node */
	ROW("{'kind':'Pod','metadata':{'name':'train-0'" LABEL("batch.kubernetes.io/job-name", "j") "},'spec':{},'status':{'nodeName':'x'}}", ""),
	/* the job: a controller's label or annotation, or the owner that controls the pod */
	ROW(JOB(LABEL("batch.kubernetes.io/job-name", "j"), "", ""), IN_JOB("-1 0 0 job=ml/j")),
	ROW(JOB(",'annotations':{'volcano.sh/job-name':'j'}", "", ""), IN_JOB("-1 0 0 job=ml/j")),
	ROW(JOB(",'labels':{'volcano.sh/job-name':'i'},'annotations':{'volcano.sh/job-name':'j'}", "", ""), IN_JOB("-1 0 0 job=ml/i")),
	ROW(JOB(",'labels':{'batch.kubernetes.io/job-name':'b','jobset.sigs.k8s.io/jobset-name':'s'}", "", ""), IN_JOB("-1 0 0 job=ml/s")),
	ROW(JOB(",'ownerReferences':[{'kind':'X','name':'no'},{'kind':'Job','name':'j','controller':true},{'kind':'Job','name':'k','controller':true}]", "", ""), IN_JOB("-1 0 0 job=ml/j")),
	ROW(JOB(LABEL("ray.io/cluster", "r") ",'ownerReferences':[{'kind':'Job','name':'j','controller':true}]", "", ""), IN_JOB("-1 0 0 job=ml/r")),
	ROW(JOB(",'ownerReferences':[{'kind':'Node'},{'kind':'DaemonSet','name':'d'}]", "", ""), "place - gpu-7 ml/train-0 p1 daemonset|pod - gpu-7 ml/train-0 p1 -1 0 0|"),
	/* the index: of the first label that has one; not if other groups of the job's pods come first */
	ROW(JOB(LABEL("batch.kubernetes.io/job-completion-index", "3"), "", ""), IN_JOB("3 0 0")),
	ROW(JOB(LABEL("elasticjob.dlrover/rank-index", "0"), "", ""), IN_JOB("0 0 0")),
	ROW(JOB(",'labels':{'batch.kubernetes.io/job-completion-index':'x','apps.kubernetes.io/pod-index':'5','elasticjob.dlrover/rank-index':'6'}", "", ""), IN_JOB("5 0 0")),
	ROW(JOB(",'labels':{'jobset.sigs.k8s.io/job-index':'0','batch.kubernetes.io/job-completion-index':'3'}", "", ""), IN_JOB("3 0 0")),
	ROW(JOB(",'labels':{'jobset.sigs.k8s.io/job-index':'1','batch.kubernetes.io/job-completion-index':'3'}", "", ""), IN_JOB("-1 0 0")),
	ROW(JOB(",'labels':{'training.kubeflow.org/replica-type':'Worker','training.kubeflow.org/replica-index':'2'}", "", ""), IN_JOB("2 0 0 worker")),
	ROW(JOB(",'labels':{'training.kubeflow.org/replica-type':'worker'}", "", ""), IN_JOB("-1 0 0")),
	ROW(JOB(",'labels':{'training.kubeflow.org/replica-type':'Master','training.kubeflow.org/replica-index':'0'}", "", ""), IN_JOB("0 0 0 master")),
	ROW(JOB(LABEL("batch.kubernetes.io/job-completion-index", "1048575"), "", ""), IN_JOB("1048575 0 0")),
	ROW(JOB(LABEL("batch.kubernetes.io/job-completion-index", "1048576"), "", ""), IN_JOB("-1 0 0")),
	/* the node's rank in the environment is better; torchrun's name for it before others */
	ROW(JOB(",'labels':{'training.kubeflow.org/replica-type':'Worker','training.kubeflow.org/replica-index':'2'}", "{'env':[" ENV("RANK", "3") "]}", ""), IN_JOB("3 0 0")),
	ROW(JOB(LABEL("batch.kubernetes.io/job-completion-index", "2"), "{'env':[" ENV("RANK", "x") "]}", ""), IN_JOB("2 0 0")),
	ROW(JOB("", "{'env':[" ENV("RANK", "3") "," ENV("NODE_RANK", "4") "," ENV("PET_NODE_RANK", "5") "," ENV("PET_NODE_RANK", "6") "]}", ""), IN_JOB("5 0 0")),
	ROW(JOB("", "{'env':[" ENV("NODE_RANK", "0") "]}", ""), IN_JOB("0 0 0")),
	ROW(JOB("", "{'env':[" ENV("MY_RANK", "3") "]},{}", ""), IN_JOB("-1 0 0")),
	/* processes: as given to torchrun, or else one for each GPU */
	ROW(JOB("", EIGHT, ""), IN_JOB("-1 8 8")),
	ROW(JOB("", EIGHT "," EIGHT ",{'resources':{'limits':{'nvidia.com/gpu':'0'}}}", ""), IN_JOB("-1 16 16")),
	ROW(JOB("", "{'resources':{'limits':{'nvidia.com/gpu':8}},'env':[" ENV("NPROC_PER_NODE", "2") "," ENV("PET_NPROC_PER_NODE", "4") "]}", ""), IN_JOB("-1 4 8")),
	ROW(JOB("", "{'resources':{'limits':{'nvidia.com/gpu':8}},'env':[" ENV("NPROC_PER_NODE", "0") "]}", ""), IN_JOB("-1 8 8")),
	ROW(JOB("", "{'env':[" ENV("NPROC_PER_NODE", "1") "]},{'env':[" ENV("NPROC_PER_NODE", "2") "]}", ""), IN_JOB("-1 1 0")),
	ROW(JOB("", "{'env':[" ENV("NPROC_PER_NODE", "auto") "],'args':['--nproc-per-node','3']}", ""), IN_JOB("-1 3 0")),
	ROW(JOB("", "{'args':['x','--nproc_per_node=5','--nproc-per-node=4']}", ""), IN_JOB("-1 4 0")),
	ROW(JOB("", "{'args':['x','--nproc_per_node=5'],'command':['torchrun','--nproc-per-node=6']}", ""), IN_JOB("-1 5 0")),
	ROW(JOB("", "{'command':['torchrun','--nproc_per_node','6']}", ""), IN_JOB("-1 6 0")),
	ROW(JOB("", "{'args':['--nproc-per-nodes','6','--nproc-per-node=']}", ""), IN_JOB("-1 0 0")),
	ROW(JOB("", "{'args':['--nproc-per-node']}", ""), IN_JOB("-1 0 0")),
	ROW(JOB("", "{'env':[" ENV("NPROC_PER_NODE", "2") "],'args':['--nproc-per-node=3']}", ""), IN_JOB("-1 2 0")),
	/* a rendezvous may assign other ranks */
	ROW(JOB("", "{'env':[" ENV("PET_RDZV_BACKEND", "C10d") "]},{}", ""), IN_JOB("-1 0 0 assumed")),
	ROW(JOB("", "{},{'args':['--rdzv-backend=c10d']}", ""), IN_JOB("-1 0 0 assumed")),
	ROW(JOB("", "{'command':['torchrun','--rdzv_backend','c10d']}", ""), IN_JOB("-1 0 0 assumed")),
	ROW(JOB("", "{'args':['--rdzv-backend=static']}", ""), IN_JOB("-1 0 0")),
	/* the first failure of a container, also before its restart */
	ROW(JOB("", "", "'containerStatuses':[{'state':" ENDED("1", TS) "},{'state':" ENDED("139", TS0) "},{'state':" ENDED("2", TS) "}]"), IN_JOB("-1 0 0 ended=" TS0 " code=139")),
	ROW(JOB("", "", "'containerStatuses':[{'state':" ENDED("1", TS) ",'lastState':" ENDED("3", TS0) "}]"), IN_JOB("-1 0 0 ended=" TS0 " code=3")),
	ROW(JOB("", "", "'containerStatuses':[{'state':" ENDED("1", TS) "},{'state':" ENDED("2", TS) "}]"), IN_JOB("-1 0 0 ended=" TS " code=1")),
	ROW(JOB("", "", "'containerStatuses':[{'state':" ENDED("0", TS0) "},{'state':{'terminated':{'exitCode':9}}}]"), IN_JOB("-1 0 0")),
	ROW(JOB("", "", "'containerStatuses':[{'state':{'terminated':{'reason':'OOMKilled','exitCode':137,'finishedAt':'" TS "'}}}]"), IN_JOB("-1 0 0 ended=" TS " code=137 oom")),
	/* of a pod with GPUs only their containers, unless all of it failed */
	ROW(JOB("", EIGHT, "'containerStatuses':[{'name':'sidecar','state':" ENDED("1", TS0) "},{'name':'main','state':" ENDED("2", TS) "}]"), IN_JOB("-1 8 8 ended=" TS " code=2")),
	ROW(JOB("", EIGHT ",{'name':'sidecar','resources':{'limits':{'nvidia.com/gpu':'0'}}}", "'containerStatuses':[{'name':'sidecar','state':" ENDED("1", TS0) "}]"), IN_JOB("-1 8 8")),
	ROW(JOB("", EIGHT, "'phase':'Failed','containerStatuses':[{'name':'sidecar','state':" ENDED("1", TS0) "},{'name':'main','state':" ENDED("2", TS) "}]"), IN_JOB("-1 8 8 ended=" TS0 " code=1")),
	/* a lost pod without a time of loss: it began at its start, or else its creation */
	ROW(JOB(",'creationTimestamp':'" TS0 "'", "", "'phase':'Failed','reason':'Evicted','startTime':'" TS "'"),
		"loss - gpu-7 ml/train-0 p1 Evicted object e=p1 started=" TS " ''|place - gpu-7 ml/train-0 p1 created=" TS0 "|pod " TS " gpu-7 ml/train-0 p1 -1 0 0|"),
	ROW(JOB(",'creationTimestamp':'" TS0 "'", "", "'phase':'Failed','reason':'Evicted'"),
		"loss - gpu-7 ml/train-0 p1 Evicted object e=p1 started=" TS0 " ''|place - gpu-7 ml/train-0 p1 created=" TS0 "|pod " TS0 " gpu-7 ml/train-0 p1 -1 0 0|"),
	/* refused by the kubelet: lost when it was to start */
	ROW(JOB("", "", "'phase':'Failed','reason':'UnexpectedAdmissionError','startTime':'" TS "'"),
		"loss " TS " gpu-7 ml/train-0 p1 UnexpectedAdmissionError object e=p1 ''|place - gpu-7 ml/train-0 p1 created=" TS "|pod " TS " gpu-7 ml/train-0 p1 -1 0 0|"),
	/* the time: of the disruption, or else the last container's end, or else when it was not ready any more */
	ROW(JOB("", "", "'phase':'Failed','reason':'Evicted','startTime':'" TS0 "','containerStatuses':[{'state':" ENDED("0", TS) "},{'state':" ENDED("0", TS0) "}],"
		"'conditions':[{'type':'Ready','status':'False','lastTransitionTime':'" TS0 "'}]"),
		"loss " TS " gpu-7 ml/train-0 p1 Evicted object e=p1 ''|place - gpu-7 ml/train-0 p1 created=" TS0 "|pod " TS0 " gpu-7 ml/train-0 p1 -1 0 0|"),
	ROW(POD("'phase':'Running','conditions':[{'type':'DisruptionTarget','status':'True','message':'m'}]"),
		"loss - gpu-7 ml/train-0 p1 DisruptionTarget object e=p1 foreign 'm'|" IN_JOB("-1 0 0")),
	ROW(POD("'phase':'Running','message':'n','conditions':[{'type':'DisruptionTarget','status':'True','reason':'TerminationByKubelet','message':'m'}]"),
		"loss - gpu-7 ml/train-0 p1 TerminationByKubelet object e=p1 'm'|" IN_JOB("-1 0 0")),
	ROW(POD("'phase':'Failed','reason':'Evicted','message':'n','conditions':[{'type':'DisruptionTarget','status':'True','reason':'PreemptionByScheduler','message':'m'}]"),
		"loss - gpu-7 ml/train-0 p1 Evicted object e=p1 'n'|" IN_JOB("-1 0 0")),
	/* a Pod without its kind has a phase and a spec; others are searched for lines */
	ROW("{'metadata':{'name':'train-0'},'spec':{'nodeName':'gpu-7'},'status':{'x':'Running'},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'metadata':{'name':'train-0'},'status':{'phase':'Running'},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Pod','spec':{'nodeName':'gpu-7'},'status':{'phase':'Running'},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Pod','metadata':{'name':'train-0'},'log':'" X79 "'}", ""),
	ROW("{'kind':'Pod','metadata':{},'spec':{'nodeName':'gpu-7'},'log':'" X79 "'}", ""),
	ROW("{'kind':'Poddy','metadata':{'name':'train-0'},'spec':{'nodeName':'gpu-7'},'status':{'phase':'Running'},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
};

/* Nodes and Events about them; a Node with conditions */
#define STATE(type, status, more) "{'type':'" type "','status':'" status "','lastTransitionTime':'" TS "'" more "}"
#define NVRM_FIELD "NVRM: Xid (PCI:0002:00:00): 119, x"

static const struct row nodes[] = {
	ROW(NODE("'conditions':[" STATE("Ready", "True", "") "]"), "node " TS " gpu-7 ready e=n1 ''|"),
	ROW(NODE("'conditions':[" STATE("Ready", "False", ",'message':'m'") "]"), "node " TS " gpu-7 notready reported e=n1 'm'|"),
	ROW(NODE("'conditions':[" STATE("Ready", "Unknown", "") "]"), "node " TS " gpu-7 notready silent e=n1 ''|"),
	/* known, but its state is not: no condition Ready, and a kind, which the screen finds */
	ROW(NODE("'conditions':[]"), "node - gpu-7 known e=n1 ''|"),
	ROW(NODE("'conditions':[" STATE("MemoryPressure", "False", "") "]"), "condition " TS " gpu-7 memory off e=n1 ''|node - gpu-7 known e=n1 ''|"),
	ROW("{'metadata':{'name':'gpu-7'},'status':{'nodeInfo':{},'conditions':[" STATE("DiskPressure", "True", "") "]}}", "condition " TS " gpu-7 disk on ''|"),
	ROW("{'metadata':{'name':'gpu-7'},'status':{'nodeInfo':'x','conditions':[" STATE("DiskPressure", "True", "") "]},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Nodes','metadata':{'name':'gpu-7'},'status':{'nodeInfo':{},'conditions':[" STATE("DiskPressure", "True", "") "]},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Node','status':{'conditions':[" STATE("DiskPressure", "True", "") "]},'log':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'kind':'Node','metadata':{'name':'gpu-7'},'log':'" X79 "'}", "node - gpu-7 known ''|"),
	/* when a pressure was last reported, not when its end was; in the API's spelling */
	ROW(NODE("'conditions':[{'type':'MemoryPressure','status':'True','lastTransitionTime':'" TS0 "','lastHeartbeatTime':'" TS "'},{'type':'diskpressure','status':'True'},"
		"{'type':'PIDPressure','status':'False','lastTransitionTime':'" TS0 "','lastHeartbeatTime':'" TS "'}]"),
		"condition " TS0 " gpu-7 memory on e=n1 last=" TS " ''|condition " TS0 " gpu-7 pid off e=n1 ''|node - gpu-7 known e=n1 ''|"),
	/* taints that evict pods */
	ROW("{'kind':'Node','metadata':{'name':'gpu-7','uid':'n1'},'spec':{'taints':[{'key':'k','effect':'NoExecute','timeAdded':'" TS "'},{'key':'l','effect':'NoSchedule'},{'key':'m','effect':'NoExecute'}]}}",
		"condition - gpu-7 unknown on m e=n1 taint ''|condition " TS " gpu-7 unknown on k e=n1 taint ''|node - gpu-7 known e=n1 ''|"),
	ROW("{'kind':'Node','metadata':{},'spec':{'taints':[{'key':'k','effect':'NoExecute'}]},'status':{'conditions':[" STATE("Ready", "True", "") "]}}", ""),
	/* Events: whether pods may run there, the first and the last time */
	ROW(NE("NodeNotReady", "'source':{'component':'kubelet'}," ONCE), "node " TS " gpu-7 notready reported e=e1 'm'|"),
	ROW(NE("NodeNotReady", "'source':{'component':'node-controller'}," ONCE), "node " TS " gpu-7 notready e=e1 'm'|"),
	ROW(NE("NodeNotReady", ONCE), "node " TS " gpu-7 notready e=e1 'm'|"),
	ROW(NE("NodeReady", "'firstTimestamp':'" TS0 "','lastTimestamp':'" TS "'"), "node " TS0 " gpu-7 ready e=e1 'm'|node " TS " gpu-7 ready e=e1 'm'|"),
	ROW(NE("NodeNotSchedulable", ONCE), "node " TS " gpu-7 cordoned e=e1 'm'|"),
	ROW(EV("NodeNotSchedulable", "of a pod", ONCE), ""),
	/* pressures of both ends of an Event */
	ROW(NE("NodeHasDiskPressure", "'firstTimestamp':'" TS0 "','lastTimestamp':'" TS "'"),
		"condition " TS0 " gpu-7 disk on NodeHasDiskPressure e=e1 last=" TS " 'm'|condition " TS " gpu-7 disk on NodeHasDiskPressure e=e1 'm'|"),
	/* who lost the pod */
	ROW(EV("Evicted", "low", ONCE), "loss " TS " - ml/train-0 p1 Evicted event e=e1 unsourced 'low'|"),
	/* a health agent's text: each error with its GPU, concluded from a line of the kernel */
	ROW(NODE("'conditions':[" STATE("GpuXid", "True", ",'message':'ErrorCode:119 PCI:0002:00:00 GPU_UUID:" UUID " kernel: [1.5] " NVRM_FIELD " Recommended Action=CONTACT_SUPPORT;ErrorCode:48 PCI:0003:00:00 kernel: " X48 "'") "]"),
		"xid " TS " gpu-7 0002:00:00.0 119 e=n1 u=" UUID " concluded '" NVRM_FIELD "'|xid " TS " gpu-7 0003:00:00.0 48 e=n1 concluded '" X48 "'|node - gpu-7 known e=n1 ''|"),
	ROW(NODE("'conditions':[" STATE("GpuXid", "True", ",'message':'ErrorCode:0 PCI:0002:00:00 NVRM: x;ErrorCode:1000000 PCI:0002:00:00 NVRM: x;ErrorCode:999999 PCI:0002:00:00 NVRM: x;ErrorCode:1 y NVRM: x'") "]"),
		"xid " TS " gpu-7 - 1 e=n1 concluded 'NVRM: x'|xid " TS " gpu-7 0002:00:00.0 999999 e=n1 concluded 'NVRM: x'|node - gpu-7 known e=n1 ''|"),
	ROW(NODE("'conditions':[" STATE("GpuXid", "True", ",'message':'ErrorCode:x PCI:0002:00:00 NVRM: x;Error:48 PCI:0002:00:00 NVRM: x;ErrorCode:48 PCI:0002:00:00 y'") "]"), "node - gpu-7 known e=n1 ''|"),
	ROW(NODE("'conditions':[" STATE("GpuXid", "True", ",'message':'" TS0 " gpu-8 kernel: " X79 "'") "]"), "xid " TS " gpu-7 0000:3b:00.0 79 e=n1 concluded '" X79 "'|node - gpu-7 known e=n1 ''|"),
	ROW(NODE("'conditions':[" STATE("GpuXid", "False", ",'message':'" X79 "'") "]"), "node - gpu-7 known e=n1 ''|"),
};

/* Flat records of which all members count */
static const struct row aers[] = {
	ROW("{'kernelevents.pcie_aer.severity':'corrected','kernelevents.pcie_aer.type':'Receiver Error','gpu.id':'0000:3b:00.0','gpu.uuid':'" UUID "','k8s.node.name':'gpu-7','time':'" TS "'}",
		"gpu " TS " gpu-7 0000:3b:00.0 " UUID " kernel|aer " TS " gpu-7 0000:3b:00.0 1 1 1 u=" UUID " driver ''|"),
	ROW("{'kernelevents.pcie_aer.severity':'corrected','pci.id':'0000:3a:00.0','log.record.uid':'l1','time':'" TS "'}", "aer " TS " - 0000:3a:00.0 1 0 0 e=l1 ''|"),
	ROW("{'kernelevents.pcie_aer.severity':'corrected','gpu.id':'" UUID "'}", "aer - - - 1 0 0 u=" UUID " driver ''|"),
	ROW("{'kernelevents.pcie_aer.severity':'corrected','gpu.id':'3b:00.0','pci.id':'3a:00.0'}", "aer - - 0000:3b:00.0 1 0 0 driver ''|"),
	ROW("{'kernelevents.pcie_aer.severity':'corrected'}", ""),
	ROW("{'kernelevents.pcie_aer.severity':'bad','gpu.id':'3b:00.0'}", ""),
	/* the status bit only if it is of that severity; else the layer alone */
	ROW("{'kernelevents.pcie_aer.severity':'fatal','kernelevents.pcie_aer.type':'Receiver Error','gpu.id':'3b:00.0'}", "aer - - 0000:3b:00.0 4 0 0 driver ''|"),
	ROW("{'kernelevents.pcie_aer.severity':'corrected','kernelevents.pcie_aer.type':' Data Link Layer','gpu.id':'3b:00.0'}", "aer - - 0000:3b:00.0 1 2 0 driver ''|"),
	ROW("{'kernelevents.xid':48,'gpu.id':'3b:00.0','gpu.uuid':'" UUID "'}", "xid - - 0000:3b:00.0 48 u=" UUID " ''|gpu - - 0000:3b:00.0 " UUID " kernel|"),
	ROW("{'kernelevents.xid':999999,'log.record.uid':'l1'}", "xid - - - 999999 e=l1 ''|"), ROW("{'kernelevents.xid':1000000}", ""), ROW("{'kernelevents.xid':1}", "xid - - - 1 ''|"),
	/* throughput, and the expected one */
#define RATE "tracecore.alert.pcie_rate_collapse."
	ROW("{'" RATE "bytes_per_second':1.5,'" RATE "baseline_bytes_per_second':'20','" RATE "direction':' rx ','gpu.id':'3b:00.0','gpu.uuid':'" UUID "','host.name':'gpu-7','time':'" TS "','log.record.uid':'l1'}",
		"gpu " TS " gpu-7 0000:3b:00.0 " UUID "|rate " TS " gpu-7 0000:3b:00.0 1.5 20 e=l1 u=" UUID " to=rx|"),
	ROW("{'" RATE "bytes_per_second':0,'gpu.uuid':'" UUID "'}", "rate - - - 0 - u=" UUID "|"),
	ROW("{'" RATE "bytes_per_second':-1,'gpu.id':'3b:00.0'}", ""), ROW("{'" RATE "bytes_per_second':0}", ""), ROW("{'" RATE "bytes_per_second':'x','gpu.id':'3b:00.0'}", ""),
	ROW("{'" RATE "bytes_per_second':1,'" RATE "baseline_bytes_per_second':'x','gpu.id':'3b:00.0'}", ""),
	ROW("{'" RATE "bytes_per_second':1,'" RATE "baseline_bytes_per_second':'','gpu.id':'3b:00.0'}", "rate - - 0000:3b:00.0 1 -|"),
};

/* Where a line is from, by the members around it: of the kernel */
#define XID79(t, node) "xid " t " " node " 0000:3b:00.0 79 '" X79 "'|"
#define STAMPED TS0 " gpu-9 kernel: " X79
#define ZEROS24 "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"

static const struct row around[] = {
	/* sets of labels: the first name wins, then the first label */
	ROW("{'_stream':'{host=\\'gpu-7\\',job=\\'kernel\\'}','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'labels':'{job=\\'kernel\\', instance=\\'gpu-7\\'}','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'labels':'{host=\\'h\\',node=\\'gpu-7\\',node=\\'gpu-8\\'}','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'labels':'host=\\'gpu-7\\'','log':'" X79 "'}", XID79("-", "-")),
	ROW("{'labels':'{host=\\'/a/gpu-7\\'}','log':'" X79 "'}", XID79("-", "-")),
	ROW("{'labels':'{job=\\'x\\'}','log':'" X79 "'}", XID79("-", "-")),
	/* Graylog's source, Bolt's target; better names first */
	ROW("{'facility':'kern','source':'gpu-7','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'gl2_message_id':'1','source':'gpu-7','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'source':'gpu-7','log':'" X79 "'}", XID79("-", "-")),
	ROW("{'facility':'kern','source':'s','host':'gpu-7','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'facility':'kern','source':'s','_stream':'{host=\\'gpu-7\\'}','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'target':'gpu-7','value':{'stdout':'" X79 "'}}", XID79("-", "gpu-7")),
	ROW("{'target':'gpu-7','value':{'out':'" X79 "'}}", XID79("-", "-")),
	ROW("{'facility':'kern','source':'gpu-7','target':'t','value':{'stdout':'" X79 "'}}", XID79("-", "gpu-7")),
	ROW("{'labels':{'compute.googleapis.com/resource_name':'gpu-7'},'host':'h','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'labels':{'compute.googleapis.com/resource_name':'x'},'node':'gpu-7','log':'" X79 "'}", XID79("-", "gpu-7")),
	/* cells with their names, of at most 32 tokens */
	ROW("[[{'field':'@timestamp','value':'" TS "'},{'field':'host','value':'gpu-7'},{'field':'@message','value':'" X79 "'}]]", XID79(TS, "gpu-7")),
	ROW("[[{'field':'@timestamp','value':'soon'},{'field':'time','value':'" TS "'},{'field':'host','value':''},{'field':'@message','value':'" X79 "'}]]", XID79(TS, "-")),
	ROW("[[{'field':'hosts','value':'gpu-7'},{'field':'@message','value':'" X79 "'}]]", XID79("-", "-")),
	ROW("[[{'field':'host','value':'gpu-7','pad':[0," ZEROS24 "]},{'field':'@message','value':'" X79 "'}]]", XID79("-", "gpu-7")),
	ROW("[[{'field':'host','value':'gpu-7','pad':[0,0," ZEROS24 "]},{'field':'@message','value':'" X79 "'}]]", XID79("-", "-")),
	ROW("{'labels':[{'key':'host','value':'gpu-7'},{'key':'timestamp','value':'" TS "'}],'log':'" X79 "'}", XID79(TS, "gpu-7")),
	ROW("{'key':'k','host':'gpu-7','log':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'value':'v','host':'gpu-7','log':'" X79 "'}", XID79("-", "gpu-7")),
	/* Loki's rows: the time first, labels last */
	ROW("{'values':[['" NS "','" X79 "',{'structuredMetadata':{'host':'gpu-7'}}]]}", XID79(TS, "gpu-7")),
	ROW("{'values':[['" NS "','" X79 "',{'host':'gpu-7'}]]}", XID79(TS, "gpu-7")),
	ROW("{'values':[[" NS ",'" X79 "',{'host':'gpu-7'}]]}", XID79("-", "-")),
	ROW("{'values':[['a','" X79 "',{'host':'gpu-7'}]]}", XID79("-", "gpu-7")),
	/* members named like hosts: all of them, with digits or marks */
	ROW("{'gpu-7':{'log':'" X79 "'}}", XID79("-", "gpu-7")),
	ROW("{'gpu-7':'" X79 "'}", XID79("-", "gpu-7")),
	ROW("{'gpu-7':{'x':{'log':'" X79 "'}}}", XID79("-", "gpu-7")),
	ROW("{'gpu-7':{'host':'gpu-8','log':'" X79 "'}}", XID79("-", "gpu-8")),
	ROW("{'gpu7':'" X79 "'}", XID79("-", "-")),
	ROW("{'gpu17':'" X79 "'}", XID79("-", "gpu17")),
	ROW("{'gpu7':'" X79 "','gpu8':''}", XID79("-", "gpu7")),
	ROW("{'gpu-a':'" X79 "'}", XID79("-", "-")),
	ROW("{'gpu-a':'" X79 "','gpu-b':''}", XID79("-", "gpu-a")),
	ROW("{'gpua':'" X79 "','gpub':''}", XID79("-", "-")),
	ROW("{'gpu-7':'" X79 "','total':''}", XID79("-", "-")),
	ROW("{'total':'','gpu-7':'" X79 "'}", XID79("-", "-")),
	ROW("{'-gpu7':'" X79 "','-gpu8':''}", XID79("-", "-")),
	ROW("{'gpu_7':'" X79 "','gpu_8':''}", XID79("-", "-")),
	ROW("{'17':'" X79 "','18':''}", XID79("-", "-")),
	ROW("{'1-7':'" X79 "','1-8':''}", XID79("-", "-")),
	ROW("{'10.0.0.7':'" X79 "'}", XID79("-", "10.0.0.7")),
	ROW("{'Z-9':'" X79 "'}", XID79("-", "z-9")),
	ROW("{'hosts':{'alpha':{'stdout':'" X79 "'}}}", XID79("-", "alpha")),
	ROW("{'guests':{'alpha':{'stdout':'" X79 "'}}}", XID79("-", "-")),
	ROW("{'return':[{'alpha':'" X79 "'}]}", XID79("-", "alpha")),
	ROW("{'returns':[{'alpha':'" X79 "'}]}", XID79("-", "-")),
	ROW("{'return':[[{'alpha':'" X79 "'}]]}", XID79("-", "-")),
	ROW("{'return':{'alpha':'" X79 "'}}", XID79("-", "-")),
	/* the line's own header against names of hosts, and against a Kubernetes node around them */
	ROW("{'gpu-7':'" STAMPED "'}", XID79(TS0, "gpu-9")),
	ROW("{'node':'gpu-8','x':{'gpu-7':'" STAMPED "'}}", XID79(TS0, "gpu-9")),
	ROW("{'node':'gpu-8','x':{'log':'" STAMPED "'}}", XID79(TS0, "gpu-8")),
	ROW("{'node':'gpu-8','x':{'host':'h','log':'" STAMPED "'}}", XID79(TS0, "gpu-9")),
	/* from an earlier element nothing stays */
	ROW("{'a':[{'host':'gpu-7','time':'" TS "','log':'x'},{'log':'" X79 "'}]}", XID79("-", "-")),
	ROW("{'a':[{'host':'gpu-7','time':'" TS "','log':'" X48 "'},{'log':'" X79 "'}]}", "xid - - 0000:3b:00.0 79 '" X79 "'|xid " TS " gpu-7 0000:3b:00.0 48 '" X48 "'|"),
	/* a health event is dated by its emitter, and has an id */
	ROW("{'id':'h1','checkName':'SysLogsXIDError','message':'" STAMPED "','errorCode':['79'],'entitiesImpacted':[],'generatedTimestamp':'" TS "','nodeName':'gpu-7'}",
		"xid " TS " gpu-7 0000:3b:00.0 79 e=h1 '" X79 "'|"),
	ROW("{'id':'h1','checkName':'SysLogsXIDError','message':' off ','errorCode':['0','x','79','48','1000000'],'entitiesImpacted':[{'entityType':'pci','entityValue':'x'},{'entityType':'PCI','entityValue':'0000:3b:00'},"
		"{'entityType':'PCI','entityValue':'0000:9b:00'}],'generatedTimestamp':'" TS "','nodeName':'gpu-7'}",
		"xid " TS " gpu-7 0000:3b:00.0 48 e=h1 'off'|xid " TS " gpu-7 0000:3b:00.0 79 e=h1 'off'|"),
	ROW("{'checkName':'SysLogsXIDError','message':'off','errorCode':['79'],'generatedTimestamp':'" TS "','log':'" X48 "'}", "xid " TS " - 0000:3b:00.0 48 '" X48 "'|"),
	ROW("{'checkName':'SysLogsXIDError','message':'off','errorCode':'79','nodeName':'gpu-7','log':'" X48 "'}", "xid - gpu-7 0000:3b:00.0 48 '" X48 "'|"),
	/* policy violations */
	ROW("{'condition: ':'XID Error','data: ':{'ErrNum':999999},'log':'" X79 "'}", "xid - - - 999999 ''|"),
	ROW("{'condition: ':'XID Error','data: ':{'ErrNum':1},'host':'gpu-7'}", "xid - gpu-7 - 1 ''|"),
	ROW("{'condition: ':'XID Error','data: ':{'ErrNum':1000000},'log':'" X79 "'}", ""),
	ROW("{'condition: ':'XID Error','data: ':{'ErrNum':-1},'log':'" X79 "'}", ""),
	ROW("{'condition: ':'XID Error','data: ':{'ErrNum':'x'},'log':'" X79 "'}", XID79("-", "-")),
	/* objects of Kubernetes deep inside, and what only looks like one */
	ROW("{'a':[1,{'b':" EVICTED "}],'log':'" X79 "'}", XID79("-", "-") LOST),
	ROW("{'a':{'b':" POD("'phase':'Failed','reason':'Evicted'") "},'log':'" X79 "'}", XID79("-", "-") "loss - gpu-7 ml/train-0 p1 Evicted object e=p1 ''|" PLACED),
	ROW("{'a':{'kind':'Pod','metadata':{'name':'train-0'},'spec':{'nodeName':'gpu-7'},'status':'x','log':'" X79 "'}}", XID79("-", "-")),
	ROW("{'a':{'kind':'Pod','metadata':'x','spec':{'nodeName':'gpu-7'},'status':{},'log':'" X79 "'}}", XID79("-", "-")),
	ROW("{'a':{'kind':7,'metadata':{'name':'train-0'},'spec':{'nodeName':'gpu-7'},'status':{'phase':'Failed','reason':'Evicted'},'log':'" X79 "'}}", XID79("-", "-")),
	/* names of members and other scalars are no lines */
	ROW("{'a':{'" X79 "':'" X48 "'}}", "xid - - 0000:3b:00.0 48 '" X48 "'|"),
};

/* the same of a line of PyTorch's watchdog: also its pod, its job and its rank */
#define HUNG "Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600001 milliseconds before timing out."
#define OF(members) "{" members ",'log':'" HUNG "'}"
#define IN_POD "'kubernetes':{'pod_name':'train-0','namespace_name':'ml','labels':{"

static const struct row writers[] = {
	ROW("{'log':'" HUNG "'}", "hang - - -|"),
	ROW(OF("'time':'" TS "','host':'gpu-7','rank':3," IN_POD "'batch.kubernetes.io/job-name':'j'}}"), "hang " TS " gpu-7 3 of=j|ml/train-0|"),
	/* labels as collectors write them */
	ROW(OF(IN_POD "'batch_kubernetes_io_job_name':'j'}}"), "hang - - - of=j|ml/train-0|"),
	ROW(OF(IN_POD "'label_batch_kubernetes_io_job_name':'j'}}"), "hang - - - of=j|ml/train-0|"),
	ROW(OF(IN_POD "'k8s-pod/batch_kubernetes_io/job-name':'j'}}"), "hang - - - of=j|ml/train-0|"),
	ROW(OF(IN_POD "'labels.batch.kubernetes.io.job.name':'j'}}"), "hang - - - of=j|ml/train-0|"),
	ROW(OF(IN_POD "'xbatch_kubernetes_io_job_name':'j'}}"), "hang - - - of=|ml/train-0|"),
	ROW(OF(IN_POD "'_batch_kubernetes_io_job_name_':'j'}}"), "hang - - - of=|ml/train-0|"),
	ROW(OF(IN_POD "'atch_kubernetes_io_job_name':'j'}}"), "hang - - - of=|ml/train-0|"),
	ROW(OF(IN_POD "'_Batch_kubernetes_io_job_name':'j'}}"), "hang - - - of=|ml/train-0|"),
	ROW(OF(IN_POD "'batch_kubernetes_io_job_namE':'j'}}"), "hang - - - of=|ml/train-0|"),
	ROW(OF(IN_POD "'batchxkubernetes_io_job_name':'j'}}"), "hang - - - of=|ml/train-0|"),
	ROW(OF(IN_POD "'job':'j','name':'k'}}"), "hang - - - of=|ml/train-0|"),
	/* the better controller's label, the nearest place, Slurm's own number */
	ROW(OF(IN_POD "'batch.kubernetes.io/job-name':'b','training.kubeflow.org/job-name':'t'}}"), "hang - - - of=t|ml/train-0|"),
	ROW(OF(IN_POD "'volcano.sh/job-name':'v'}}"), "hang - - - of=v|ml/train-0|"),
	ROW(OF(IN_POD "'volcano.sh/job-name':'v'}},'labels':{'batch.kubernetes.io/job-name':'b'}"), "hang - - - of=v|ml/train-0|"),
	ROW(OF("'resource':{'batch.kubernetes.io/job-name':'b'}"), "hang - - - of=b|/|"),
	ROW(OF("'stream':{'batch.kubernetes.io/job-name':'b'}"), "hang - - - of=b|/|"),
	ROW(OF("'labels':'batch.kubernetes.io/job-name'"), "hang - - -|"),
	ROW(OF("'SLURM_JOB_ID':77,'labels':{'batch.kubernetes.io/job-name':'b'}"), "hang - - - of=77|/|"),
	/* a namespace alone names no pod; an inner pod brings its own */
	ROW(OF("'namespace':'ml'"), "hang - - -|"),
	ROW(OF("'pod':'train-0','namespace':'ml'"), "hang - - - of=|ml/train-0|"),
	ROW("{'pod':'a','namespace':'ml','SLURM_JOB_ID':77,'x':{'pod':'b','log':'" HUNG "'}}", "hang - - - of=77|/b|"),
	ROW("{'pod':'a','namespace':'ml','SLURM_JOB_ID':77,'x':{'log':'" HUNG "'}}", "hang - - - of=77|ml/a|"),
	ROW("{'pod':'a','SLURM_JOB_ID':77,'x':{'SLURM_JOB_ID':78,'log':'" HUNG "'}}", "hang - - - of=78|/a|"),
	/* ranks */
	ROW(OF("'rank':0"), "hang - - 0|"), ROW(OF("'labels':{'rank':'12'}"), "hang - - 12|"),
	ROW(OF("'rank':'x'"), "hang - - -|"), ROW(OF("'rank':-1"), "hang - - -|"),
	ROW(OF("'rank':2147483646"), "hang - - 2147483646|"), ROW(OF("'rank':2147483647"), "hang - - -|"),
	ROW("{'rank':3,'x':{'rank':'x','log':'" HUNG "'}}", "hang - - 3|"), ROW("{'rank':3,'x':{'rank':4,'log':'" HUNG "'}}", "hang - - 4|"),
};

/* Tables: names of columns once, then rows or columns of cells */
#define NAMES "['time','host','message']"
#define NAMED "[{'name':'time'},{'name':'host'},{'name':'message'}]"
#define ROW7 "['" TS "','gpu-7','" X79 "']"
#define ROW8 "['" TS0 "','gpu-8','" X48 "']"
#define WIDE ZEROS24 ZEROS24 ZEROS24 ZEROS24 ZEROS24 ZEROS24
#define XID48(t, node) "xid " t " " node " 0000:3b:00.0 48 '" X48 "'|"
#define BOTH XID48(TS0, "gpu-8") XID79(TS, "gpu-7")

#define TEN ", and more"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct row tables[] = {
	ROW("{'columns':" NAMED ",'rows':[" ROW7 "," ROW8 "]}", BOTH),
	ROW("{'rows':[" ROW7 "," ROW8 "],'columns':" NAMES "}", BOTH),
	/* a long cell, wherever it is */
	ROW("{'columns':['x','message','time','host'],'rows':[['" WIDE "','" X79 "','" TS "','gpu-7']]}", XID79(TS, "gpu-7")),
	ROW("{'columns':['message','time','host','x'],'rows':[['" X79 "','" TS "','gpu-7','" WIDE "']]}", XID79(TS, "gpu-7")),
	ROW("{'name':'syslog','tags':{'hostname':'gpu-7'},'columns':['x','time','message'],'values':[['" WIDE "','" TS "','" X79 "']]}", XID79(TS, "gpu-7")),
	ROW("{'name':'syslog','tags':{'hostname':'gpu-7','x':'" WIDE "'},'columns':['time','message'],'values':[['" TS "','" X79 "']]}", XID79(TS, "gpu-7")),
	ROW("{'columns':[{'text':'time'},{'ColumnName':'host'},{'Name':'message'}],'rows':[" ROW7 "]}", XID79(TS, "gpu-7")),
	ROW("{'columns':[{'title':'time'},{'title':'host'},{'title':'message'}],'rows':[" ROW7 "]}", XID79(TS, "-")),
	/* a long text in the first column */
	ROW("{'columns':['message','host'],'rows':[['" X79 LONG "','gpu-7']]}", "xid - gpu-7 0000:3b:00.0 79 '" X79 LONG "'|"),
	/* a row without cells among others: no table, but texts */
	ROW("[{'columns':['host','message'],'rows':[{},['gpu-7','" X79 "']]},0]", XID79("-", "-")),
	/* the types of columns are not their names */
	ROW("{'columnTypes':['text','text','text'],'columns':" NAMES ",'rows':[" ROW7 "]}", XID79(TS, "gpu-7")),
	/* as many names as cells; rows may be shorter and longer than the first */
	ROW("{'columns':['time','host'],'rows':[" ROW7 "]}", XID79(TS, "-")),
	ROW("{'columns':['time','host','message','more'],'rows':[" ROW7 "]}", XID79(TS, "-")),
	ROW("{'columns':" NAMES ",'rows':[" ROW7 ",['" TS0 "','gpu-8','" X48 "','more'],['" X79 "'],[]]}", XID79("-", "-") BOTH),
	/* cells in objects */
	ROW("{'schema':{'fields':" NAMED "},'rows':[{'f':[{'v':'" TS "'},{'v':'gpu-7'},{'v':'" X79 "'}]},{'f':[{'v':'" TS0 "'},{'v':'gpu-8'},{'v':'" X48 "'}]}]}", BOTH),
	ROW("{'info':" NAMED ",'rows':[{'Data':[{'VarCharValue':'" TS "'},{'VarCharValue':'gpu-7'},{'VarCharValue':'" X79 "'}]}]}", XID79(TS, "gpu-7")),
	ROW("{'info':" NAMED ",'rows':[{'Data':['" TS "',{'x':'gpu-7'},'" X79 "']}]}", XID79(TS, "-")),
	ROW("{'columns':" NAMED ",'rows':[{'f':[{'v':'" TS "'},{'v':'gpu-7'},{'v':'" X79 "'}],'g':1}]}", XID79("-", "-")),
	/* Graylog's source is a host */
	ROW("{'schema':[{'column_type':'field','field':'timestamp'},{'column_type':'field','field':'source'},{'column_type':'field','field':'message'}],'datarows':[" ROW7 "]}", XID79(TS, "gpu-7")),
	ROW("{'schema':[{'field':'timestamp'},{'field':'source'},{'field':'message'}],'datarows':[" ROW7 "]}", XID79(TS, "-")),
	ROW("{'columns':" NAMES ",'rows':[['" TS "',{'v':'gpu-7','w':1},'" X79 "']]}", XID79(TS, "-")),
	/* names up to three levels away */
	ROW("{'columns':" NAMES ",'a':{'b':{'rows':[" ROW7 "]}}}", XID79(TS, "gpu-7")),
	ROW("{'columns':" NAMES ",'a':{'b':{'c':{'rows':[" ROW7 "]}}}}", XID79(TS, "-")),
	ROW("{'m':{'n':{'columns':" NAMES "}},'rows':[" ROW7 "]}", XID79(TS, "gpu-7")),
	ROW("{'m':{'n':{'o':{'columns':" NAMES "}}},'rows':[" ROW7 "]}", XID79(TS, "-")),
	ROW("{'columns':" NAMES ",'a':[{'rows':[" ROW7 "]}]}", XID79(TS, "-")),
	/* the node around the table, if no column has one */
	ROW("{'host':'gpu-7','columns':['time','message'],'rows':[['" TS "','" X79 "']]}", XID79(TS, "gpu-7")),
	ROW("{'host':'gpu-9','columns':" NAMES ",'rows':[" ROW7 "]}", XID79(TS, "gpu-7")),
	/* columns of cells: by their number, or in a square by the name */
	ROW("{'schema':{'fields':" NAMED "},'data':{'values':[['" TS "','" TS0 "'],['gpu-7','gpu-8'],['" X79 "','" X48 "']]}}", BOTH),
	ROW("{'schema':{'fields':" NAMED "},'data':{'values':[['" TS "','" TS0 "','" TS "'],['gpu-7','gpu-8','gpu-9'],['" X79 "','" X48 "','x']]}}", BOTH),
	ROW("{'fields':" NAMES ",'columns':[['" TS "','" TS0 "','" TS "'],['gpu-7','gpu-8','gpu-9'],['" X79 "','" X48 "','x']]}", BOTH),
	ROW("{'columns':" NAMES ",'values':[" ROW7 "," ROW8 ",['" TS "','gpu-9','x']]}", BOTH),
	ROW("{'schema':{'fields':" NAMED "},'data':{'values':[['" TS "','" TS0 "'],['gpu-7'],['" X79 "','" X48 "']]}}", XID48("-", "-") XID79("-", "-")),
	/* InfluxDB's, with a name and tags */
	ROW("{'name':'syslog','tags':{'hostname':'gpu-7'},'columns':['time','message'],'values':[['" TS "','" X79 "']]}", XID79(TS, "gpu-7")),
	ROW("{'name':'syslog','tags':{'hostname':'gpu-7'},'columns':['severity','message'],'values':[['err','" X79 "']]}", XID79("-", "gpu-7")),
	/* series */
	ROW("{'schema':{'fields':[{'name':'Time'},{'name':'DCGM_FI_DEV_GPU_TEMP','labels':{'gpu':'1','Hostname':'gpu-7'}}]},'data':{'values':[[1772600760000,1772600767000,1772600767500],[41,42,null]]}}",
		"sample " TS0 " gpu-7 - - 1 150 41|sample " TS " gpu-7 - - 1 150 42|"),
	ROW("{'schema':{'fields':[{'name':'Time'},{'name':'Value','labels':{'__name__':'DCGM_FI_DEV_GPU_TEMP','gpu':'1'}}]},'data':{'values':[[1772600767000],[41]]}}", "sample " TS " - - - 1 150 41|"),
	ROW("{'schema':{'fields':[{'name':'Time'},{'name':'DCGM_FI_DEV_GPU_TEMP'}]},'data':{'values':[[1772600767000],[41]]}}", ""),
};

/* Measurements of other tools: of GPU 1 on gpu-7 at 41 degrees */
#define TEMP "DCGM_FI_DEV_GPU_TEMP"
#define L1 "'gpu':'1','Hostname':'gpu-7'"
#define AT41(t) "sample " t " gpu-7 - - 1 150 41|"
#define UUID41(t) "gpu " t " gpu-7 - " UUID " 1|sample " t " gpu-7 - " UUID " 1 150 41|"
#define LOG ",'log':'" X79 "'"

static const struct row tools[] = {
	/* series with times of their own; nothing else in them is read */
	ROW("{'metric':{'__name__':'" TEMP "'," L1 "},'values':[40,41,42],'timestamps':[1772600760000,1772600767000]" LOG "}", "sample " TS0 " gpu-7 - - 1 150 40|" AT41(TS)),
	ROW("{'metric':{'__name__':'" TEMP "'," L1 "},'value':[1772600767,'41']" LOG "}", AT41(TS)),
	ROW("{'metric':{'__name__':'" TEMP "'," L1 "},'value':[1772600767]" LOG "}", ""),
	ROW("{'metric':{" L1 "},'value':[1772600767,'41']" LOG "}", ""),
	ROW("{'metric':{'__name__':'up'," L1 "},'value':[1772600767,'41']" LOG "}", ""),
	ROW("{'metric':'" TEMP "','value':[1772600767,'41']" LOG "}", XID79("-", "-")),
	ROW("{'metric':{'__name__':'" TEMP "'},'value':'41'" LOG "}", XID79("-", "-")),
	/* results, in a response, of it, without their type */
	ROW("{'resultType':'vector','result':[{'metric':{'__name__':'" TEMP "'," L1 "},'value':[1772600767,'41']}]" LOG "}", AT41(TS)),
	ROW("{'result':[7,{'metric':{'__name__':'" TEMP "'," L1 "},'value':[1772600767,'41']}]" LOG "}", AT41(TS)),
	ROW("{'result':[7,{'stream':{}}]" LOG "}", XID79("-", "-")),
	ROW("{'resultType':'streams','result':[{'metric':{'__name__':'" TEMP "'," L1 "},'value':[1772600767,'41']}]" LOG "}", XID79("-", "-")),
	/* a failed query; other programs' failures */
	ROW("{'status':'error','errorType':'x','error':'" X79 "'}", ""),
	ROW("{'status':'failed','errorType':'x','error':'" X79 "'}", XID79("-", "-")),
	ROW("{'status':'error','error':'" X79 "'}", XID79("-", "-")),
	/* Google's */
	ROW("{'metric':{'type':'prometheus.googleapis.com/" TEMP "/gauge','labels':{'gpu':'1'}},'resource':{'labels':{'Hostname':'gpu-7'}},'points':[{'interval':{'endTime':'" TS "'},'value':{'doubleValue':41.0}},"
		"{'interval':{'endTime':'" TS0 "'},'value':{'int64Value':'40'}}]" LOG "}", "sample " TS0 " gpu-7 - - 1 150 40|" AT41(TS)),
	ROW("{'metric':{'type':'" TEMP "','labels':{'gpu':'1'}},'points':[{'interval':{'endTime':'" TS "'},'value':{'doubleValue':41.0}}]" LOG "}", ""),
	ROW("{'metric':{'type':'x/" TEMP "','labels':{'gpu':'1'}},'points':7" LOG "}", XID79("-", "-")),
	/* prom2json's families */
	ROW("{'name':'" TEMP "','type':'GAUGE','metrics':[{'labels':{" L1 "},'value':'41','timestamp_ms':'1772600767000'}]" LOG "}", AT41(TS)),
	ROW("{'name':'" TEMP "','type':7,'metrics':[{'labels':{" L1 "},'value':'41'}]" LOG "}", XID79("-", "-")),
	/* nvidia-smi's rows, gpustat's list */
	ROW("{'timestamp':'" TS "','index':'1','uuid':'" UUID "','temperature.gpu':'41 C','host':'gpu-7'" LOG "}", UUID41(TS)),
	ROW("{'Timestamp':'" TS "','gpu_uuid':'" UUID "','index':1,'temperature.gpu':41,'host':'gpu-7'" LOG "}", UUID41(TS)),
	ROW("{'index':'1','uuid':'" UUID "','temperature.gpu':'41','host':'gpu-7'" LOG "}", XID79("-", "gpu-7")),
	ROW("{'timestamp':'" TS "','temperature.gpu':'41','host':'gpu-7'" LOG "}", XID79(TS, "gpu-7")),
	ROW("{'timestamp':'" TS "','index':'1','fan':'41','host':'gpu-7'" LOG "}", XID79(TS, "gpu-7")),
	ROW("{'hostname':'gpu-7','query_time':'" TS "','gpus':[{'index':1,'uuid':'" UUID "','temperature.gpu':41,'enforced.power.limit':700}]}", UUID41(TS)),
	/* telegraf's, one and several */
	ROW("{'name':'nvidia_smi','tags':{'host':'gpu-7','index':'1','uuid':'" UUID "'},'fields':{'temperature_gpu':41,'x':1},'timestamp':1772600767" LOG "}", UUID41(TS)),
	ROW("{'name':'" TEMP "','tags':{" L1 "},'fields':{'gauge':41},'timestamp':1772600767" LOG "}", AT41(TS)),
	ROW("{'name':'" TEMP "','tags':{" L1 "},'fields':{'untyped':41},'timestamp':1772600767" LOG "}", AT41(TS)),
	ROW("{'name':'prometheus','tags':{" L1 "},'fields':{'x':1,'" TEMP "':41},'timestamp':1772600767" LOG "}", AT41(TS)),
	ROW("{'name':'" TEMP "','tags':{" L1 "},'fields':{'x':41},'timestamp':1772600767" LOG "}", XID79(TS, "-")),
	ROW("{'metrics':[{'name':'" TEMP "','tags':{" L1 "},'fields':{'gauge':41},'timestamp':1772600767},{'name':'x','tags':{},'fields':{}},{'name':'" TEMP "','tags':{" L1 "},'fields':{'value':40},'timestamp':1772600760}]" LOG "}",
		"sample " TS0 " gpu-7 - - 1 150 40|" AT41(TS)),
	/* metricbeat's, Vector's */
	ROW("{'@timestamp':'" TS "','prometheus':{'labels':{" L1 "},'metrics':{'" TEMP "':41,'up':1}}" LOG "}", AT41(TS)),
	ROW("{'@timestamp':'" TS "','prometheus':{'labels':{" L1 "},'metrics':{'up':1}}" LOG "}", XID79(TS, "-")),
	ROW("{'name':'" TEMP "','tags':{" L1 "},'timestamp':'" TS "','gauge':{'value':41}" LOG "}", AT41(TS)),
	ROW("{'name':'" TEMP "','tags':{" L1 "},'timestamp':'" TS "','counter':{'value':41}" LOG "}", AT41(TS)),
	ROW("{'name':'" TEMP "','tags':{" L1 "},'timestamp':'" TS "','set':{'value':41}" LOG "}", XID79(TS, "-")),
	ROW("{'name':'" TEMP "','tags':'x','timestamp':'" TS "','gauge':{'value':41}" LOG "}", XID79(TS, "-")),
	/* of Datadog's points that are not used the rest is read */
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'avg','interval':15,'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]" LOG "}", XID79("-", "-")),
	ROW("{'series':[7,{'metric':'other','pointlist':[]}]" LOG "}", XID79("-", "-")),
	/* a row for each sample in a database */
	ROW("{'metric':'" TEMP "','value':41,'tags':{" L1 "},'timestamp':'" TS "'" LOG "}", AT41(TS)),
	ROW("{'Name':'" TEMP "','Val':41,'Tags':'{\\'gpu\\':\\'1\\'}','Computer':'gpu-7','TimeGenerated':'" TS "'}", AT41(TS)),
	ROW("{'MetricName':'" TEMP "','Value':41,'Attributes':{'gpu':'1'},'ResourceAttributes':{'Hostname':'gpu-7'},'TimeUnix':'" TS "'" LOG "}", AT41(TS)),
	ROW("{'__name__':'" TEMP "','value':41," L1 ",'timestamp':'" TS "'" LOG "}", AT41(TS)),
	ROW("{'MetricName':'" TEMP "','Attributes':{'gpu':'1'}" LOG "}", XID79("-", "-")),
	ROW("{'Value':41,'Attributes':{'gpu':'1'}" LOG "}", XID79("-", "-")),
};

/* What is said about values from which nothing can be read, for a filter of measurements, of Xids */
#define COUNTED(name, more) "{'metric':{'__name__':'" name "','clock_event':'hw_thermal','gpu':'1'}," more "}"
static const struct {
	struct str text, samples, xids;
} remarks[] = {
	{STR_INIT(COUNTED("DCGM_EXP_CLOCK_EVENTS_COUNT", "'value':[1772600767,'3']")), STR_INIT("clock events counted"), STR_INIT("")},
	{STR_INIT(COUNTED("DCGM_EXP_CLOCK_EVENTS_COUNT", "'value':[1772600767,'0']")), STR_INIT(""), STR_INIT("")},
	{STR_INIT(COUNTED("DCGM_EXP_CLOCK_EVENTS_COUNT", "'values':[[1772600760,'0'],[1772600767,'3']]")), STR_INIT("clock events counted"), STR_INIT("")},
	{STR_INIT(COUNTED("DCGM_EXP_CLOCK_EVENTS_COUNT", "'values':[[1772600760,'0'],[1772600767,'0']]")), STR_INIT(""), STR_INIT("")},
	{STR_INIT(COUNTED("DCGM_EXP_CLOCK_EVENTS_COUNT", "'values':[0,3],'timestamps':[1772600760000,1772600767000]")), STR_INIT("clock events counted"), STR_INIT("")},
	{STR_INIT("{'metric':{'__name__':'DCGM_EXP_CLOCK_EVENTS_COUNT','clock_event':'gpu_idle','gpu':'1'},'value':[1772600767,'3']}"), STR_INIT(""), STR_INIT("")},
	{STR_INIT(COUNTED("DCGM_FI_DEV_XID_ERRORS", "'value':[1772600767,'79']")), STR_INIT(""), STR_INIT("Xids counted")},
	{STR_INIT(COUNTED("DCGM_EXP_XID_ERRORS_COUNT", "'value':[1772600767,'1']")), STR_INIT(""), STR_INIT("Xids counted")},
	{STR_INIT(COUNTED("DCGM_EXP_XID_ERRORS_COUNT", "'value':[1772600767,'0']")), STR_INIT(""), STR_INIT("")},
	{STR_INIT(COUNTED("up", "'value':[1772600767,'1']")), STR_INIT(""), STR_INIT("")},
	{STR_INIT("{'status':'success','data':{'resultType':'vector','result':[]},'warnings':['some blocks are missing'],'isPartial':true}"), STR_INIT("the query's warning: some blocks are missing"), STR_INIT("")},
	{STR_INIT("{'status':'success','data':{'resultType':'vector','result':[]},'isPartial':true}"), STR_INIT("the query's answer is partial"), STR_INIT("")},
	{STR_INIT("{'status':'success','data':{'resultType':'vector','result':[]},'isPartial':false,'warnings':[]}"), STR_INIT(""), STR_INIT("")},
	{STR_INIT("{'metric':'dcgm.clock_throttle_reasons','aggr':'avg','scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}"), STR_INIT("reasons of throttling"), STR_INIT("")},
};

/* Datadog's Events: a pod's, with further tags and members */
#define DD(tags, more) "{'title':'t','tags':['kube_kind:Pod','kube_name:train-0','kube_namespace:ml'" tags "],'date_happened':1772600767,'text':'low'," more "}"
#define DD_LOST(node) "loss " TS " " node " ml/train-0 - Evicted event 'low'|place " TS " " node " ml/train-0 -|"

static const struct row datadog[] = {
	ROW(DD(",'event_reason:Evicted','kube_node:gpu-7'", "'host':'other'"), DD_LOST("gpu-7")),
	/* the host, to which a cluster's name may be added */
	ROW(DD(",'event_reason:Evicted'", "'host':'gpu-7'"), DD_LOST("gpu-7")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:prod'", "'host':'gpu-7-prod'"), DD_LOST("gpu-7")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:prod'", "'host':'a-prod'"), DD_LOST("a")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:prod'", "'host':'-prod'"), DD_LOST("-prod")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:prod'", "'host':'prod'"), DD_LOST("prod")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:prod'", "'host':'gpu-7prod'"), DD_LOST("gpu-7prod")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:prod'", "'host':'gpu-7'"), DD_LOST("gpu-7")),
	ROW(DD(",'event_reason:Evicted','kube_cluster_name:'", "'host':'gpu-'"), DD_LOST("gpu-")),
	ROW(DD(",'event_reason:Evicted'", "'x':1"), "loss " TS " - ml/train-0 - Evicted event 'low'|"),
	/* other names of tags; version 2 of the API */
	ROW("{'title':'t','tags':['kubernetes_kind:Pod','pod_name:train-0','kube_namespace:ml','event_reason:Evicted'],'timestamp':1772600767,'message':'low','hostname':'gpu-7'}",
		DD_LOST("gpu-7")),
	ROW("{'attributes':{'title':'t','hostname':'gpu-7','timestamp':1772600767000},'tags':['kube_kind:Pod','kube_name:train-0','kube_namespace:ml','event_reason:Evicted'],'message':'low'}",
		DD_LOST("gpu-7")),
	/* about a node */
	ROW("{'title':'t','tags':['kube_kind:Node','kube_name:gpu-7','event_reason:NodeHasDiskPressure'],'date_happened':1772600767,'text':'full','host':'x'}",
		"condition " TS " gpu-7 disk on NodeHasDiskPressure 'full'|"),
	ROW("{'title':'t','tags':['kube_kind:Node','name:gpu-7','event_reason:NodeHasDiskPressure'],'date_happened':1772600767,'text':'full'}",
		"condition " TS " gpu-7 disk on NodeHasDiskPressure 'full'|"),
	ROW("{'title':'t','tags':['kube_kind:Job','kube_name:train','event_reason:Evicted'],'date_happened':1772600767,'text':'full'}", ""),
	/* several Events in one text */
	ROW("{'title':'t','tags':['kube_kind:Pod','kube_name:train-0','kube_namespace:ml'],'date_happened':1772600767,'host':'gpu-7','text':"
		"'%%%\\n2 **Evicted**: low\\n1 **Started**: x\\n **Evicted**: a\\n1 *Evicted*: b\\n1 **Evicted* : c\\n%%%'}",
		"loss " TS " gpu-7 ml/train-0 - Evicted event 'low'|place " TS " gpu-7 ml/train-0 -|"),
	/* neither */
	ROW("{'title':'t','tags':['kube_kind:Pod','kube_name:train-0','kube_namespace:ml'],'text':'1 **Evicted**: low'}", ""),
	ROW("{'title':'t','tags':['kube_name:train-0','kube_namespace:ml','event_reason:Evicted'],'text':'low'}", ""),
	ROW("{'title':'t','tags':'kube_kind:Pod','text':'low','reason':'Evicted'}", ""),
};

/* ncclras: a communicator of 4 with ranks and missing ranks; a rank on gpu-7 */
#define COMM(ranks, missing) "{'timestamp':'" TS "','communicators':[7,{'hash':'0xab','size':4,'ranks':[" ranks "],'missing_ranks':[" missing "]}]}"
#define COMM1(ranks, missing) "{'timestamp':'" TS "','communicators':[{'hash':'0xab','size':4,'ranks':[" ranks "],'missing_ranks':[" missing "]}]}"
#define RANK(n, status, counts) "{'rank':" n ",'host':'gpu-7','pid':11,'status':{" status "},'collective_counts':" counts "}"
#define RAS(rank, is) "ras " TS " gpu-7 " rank " " is "|"
#define TOTAL(n) "ras " TS " - - total " n " of=4|"

static const struct row ranks[] = {
	ROW(COMM1(RANK("0", "'init_state':0,'async_error':0", "{'AllReduce':5,'Broadcast':-1}"), ""), RAS("0", "launched 5 of=4 pid=11 op=AllReduce") TOTAL("5") RAS("0", "state 0 of=4 pid=11 is=RUNNING")),
	ROW(COMM1(RANK("0", "'init_state':0,'async_error':0", "{'AllReduce':5,'Broadcast':2}") "," RANK("1", "'init_state':0", "{'AllReduce':0}"), ""),
		RAS("1", "launched 0 of=4 pid=11 op=AllReduce") RAS("0", "launched 5 of=4 pid=11 op=AllReduce") RAS("0", "launched 2 of=4 pid=11 op=Broadcast")
		TOTAL("7") RAS("0", "state 0 of=4 pid=11 is=RUNNING") RAS("1", "state 0 of=4 pid=11 is=RUNNING")),
	ROW(COMM(RANK("0", "'init_state':0", "{'AllReduce':5}"), ""), ""),
	/* an error of the communicator, or else of its start */
	ROW(COMM1(RANK("0", "'init_state':2,'async_error':6", "{}"), ""), TOTAL("0") RAS("0", "error 0 of=4 pid=11 is=Remote process error") RAS("0", "state 0 of=4 pid=11 is=INIT")),
	ROW(COMM1(RANK("0", "'init_state':2,'async_error':0", "{}"), ""), TOTAL("0") RAS("0", "error 0 of=4 pid=11 is=System error") RAS("0", "state 0 of=4 pid=11 is=INIT")),
	ROW(COMM1(RANK("0", "'init_state':7,'async_error':7", "7"), ""), TOTAL("0") RAS("0", "state 0 of=4 pid=11 is=INIT")),
	ROW(COMM1(RANK("0", "'async_error':6", "{}"), ""), TOTAL("0")),
	/* what a rank is about to do */
	ROW(COMM1(RANK("0", "'init_state':0,'abort_flag':true,'finalize_called':true", "{}"), ""), TOTAL("0") RAS("0", "state 0 of=4 pid=11 is=ABORT")),
	ROW(COMM1(RANK("0", "'init_state':1,'finalize_called':true", "{}"), ""), TOTAL("0") RAS("0", "error 0 of=4 pid=11 is=Unhandled CUDA error") RAS("0", "state 0 of=4 pid=11 is=FINALIZE")),
	ROW(COMM1(RANK("0", "'init_state':0,'destroy_flag':true", "{}"), ""), TOTAL("0") RAS("0", "state 0 of=4 pid=11 is=FINALIZE")),
	/* missing, dead, only without this communicator */
	ROW(COMM1("", RANK("3", "", "{'AllReduce':5}")), RAS("3", "missing 0 of=4 pid=11") TOTAL("0")),
	ROW(COMM1("", RANK("3", "'considered_dead':true", "{}")), RAS("3", "dead 0 of=4 pid=11") TOTAL("0")),
	ROW(COMM1("", RANK("3", "'unresponsive':false", "{}")), TOTAL("0") RAS("3", "state 0 of=4 pid=11 is=NOCOMM")),
	ROW(COMM1("", RANK("3", "'unresponsive':true", "{}")), RAS("3", "missing 0 of=4 pid=11") TOTAL("0")),
	ROW(COMM1("", RANK("3", "'unresponsive':false,'considered_dead':true", "{}")), RAS("3", "dead 0 of=4 pid=11") TOTAL("0")),
	/* numbers of ranks and sizes */
	ROW(COMM1(RANK("-1", "'init_state':0", "{'AllReduce':5}"), ""), TOTAL("0")), ROW(COMM1(RANK("'x'", "'init_state':0", "{'AllReduce':5}"), ""), TOTAL("0")),
	ROW(COMM1("", RANK("2147483647", "", "{}")), RAS("2147483647", "missing 0 of=4 pid=11") TOTAL("0")), ROW(COMM1("", RANK("2147483648", "", "{}")), TOTAL("0")),
	ROW("{'communicators':[{'hash':'ab','size':-1,'ranks':[]}]}", "ras - - - total 0|"),
	/* a process that died while it monitored */
	ROW("{'timestamp':'" TS "','event':'PEER_DEAD','peer':{'pid':0,'host':'gpu-7','cuda_devs':'1'}}", RAS("-", "dead 0 pid=0")),
	ROW("{'timestamp':'" TS "','event':'PEER_DEAD','peer':{'pid':-1,'host':'gpu-7','cuda_devs':'1'}}", ""),
	ROW("{'timestamp':'" TS "','event':'PEER_NEW','peer':{'pid':1,'host':'gpu-7','cuda_devs':'1'}}", ""),
	ROW("{'timestamp':'" TS "','event':'PEER_DEAD','peer':{'pid':1,'host':'gpu-7'}}", ""),
	/* cycles of a restarting launcher: nodes in the order of their ranks */
#define CYCLE(ranks) "{'cycle_start_time':'" TS "','cycle_number':1,'job_id':'j','active_nodes':'a,b','active_ranks':'" ranks "'}"
	ROW(CYCLE("0-3"), "hang " TS " - - ranks=a,b|"), ROW(CYCLE("0"), "hang " TS " - - ranks=a,b|"),
	ROW(CYCLE("0-1,4-5"), "hang " TS " - -|"), ROW(CYCLE("1-3"), "hang " TS " - -|"), ROW(CYCLE("00"), "hang " TS " - -|"),
	/* a record of OTLP names its pod and job */
	ROW(LOGS(A("k8s.pod.name", "train-0") "," A("k8s.namespace.name", "ml") "," A("k8s.pod.label.batch.kubernetes.io/job-name", "j"), "{" AT ",'body':{'stringValue':'" HUNG "'}}"), "hang " TS " - - of=j|ml/train-0|"),
	ROW(LOGS(A("slurm.job.id", "77") "," A("k8s.pod.label.batch.kubernetes.io/job-name", "j"), "{" AT ",'body':{'stringValue':'" HUNG "'}}"), "hang " TS " - - of=77|/|"),
	ROW(LOGS(A("k8s.pod.label.volcano.sh/job-name", "v") "," A("k8s.pod.label.batch.kubernetes.io/job-name", "j"), "{" AT ",'body':{'stringValue':'" HUNG "'}}"), "hang " TS " - - of=j|/|"),
	/* Datadog's Events: who reported */
	ROW("{'title':'t','tags':['kube_kind:Node','kube_name:gpu-7','event_reason:NodeNotReady','source_component:kubelet'],'date_happened':1772600767,'text':'m'}", "node " TS " gpu-7 notready reported 'm'|"),
	ROW("{'title':'t','tags':['kube_kind:Node','kube_name:gpu-7','event_reason:NodeNotReady'],'date_happened':1772600767,'text':'m'}", "node " TS " gpu-7 notready 'm'|"),
	ROW(DD(",'event_reason:Evicted','source_component:kubelet'", "'x':1"), "loss " TS " - ml/train-0 - Evicted event 'low'|"),
	ROW(DD(",'event_reason:Evicted','source_component:x'", "'x':1"), "loss " TS " - ml/train-0 - Evicted event unsourced 'low'|"),
};

static const struct row otlp[] = {
	/* attributes, the record's own or else its resource's */
	ROW(LOGS(A("k8s.node.name", "gpu-7"), "{" AT ",'attributes':[{'key':'kernelevents.xid','value':{'intValue':'79'}}," A("gpu.id", "0000:3b:00.0") "]}"),
		"xid " TS " gpu-7 0000:3b:00.0 79 ''|"),
	ROW(LOGS(A("k8s.node.name", "gpu-8") "," A("gpu.id", "0000:9b:00.0"), "{'timeUnixNano':" NS ",'attributes':[{'key':'kernelevents.xid','value':{'intValue':79}},"
		A("gpu.id", "0000:3b:00.0") "," A("k8s.node.name", "gpu-7") "]}"),
		"xid " TS " gpu-7 0000:3b:00.0 79 ''|"),
	ROW(LOGS(A("host.name", "gpu-7") "," A("gpu.id", "0000:9b:00.0"), "{" AT ",'attributes':[" A("kernelevents.xid", "79") "]}"),
		"xid " TS " gpu-7 0000:9b:00.0 79 ''|"),
	ROW(LOGS("", "{" AT ",'attributes':[{'key':'kernelevents.xid','value':{'doubleValue':79}}," A("kernelevents.message", "gone") "],'body':{'stringValue':'other'}}"),
		"xid " TS " - - 79 'gone'|"),
	ROW(LOGS("", "{" AT ",'attributes':[" A("kernelevents.xid", "79") "],'body':{'stringValue':'" X79 "'}}"),
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{'attributes':[" A("kernelevents.xid", "79") "," A("time", TS) "]}"), "xid " TS " - - 79 ''|"),
	/* body: the kernel's line; time 0 is unset */
	ROW(LOGS(A("host.name", "gpu-7"), "{" AT ",'severityNumber':13,'body':{'stringValue':'[ 1.5] " X79 "'}}"),
		"xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{'timeUnixNano':'0','observedTimeUnixNano':'" NS "','body':{'stringValue':'" X79 "'}}"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{'observedTimeUnixNano':" NS ",'body':{'stringValue':'" X79 "'}}"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{" AT ",'observedTimeUnixNano':'1772600999000000000','body':{'stringValue':'" X79 "'}}"), "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{'timeUnixNano':'0','observedTimeUnixNano':'0','body':{'stringValue':'" X79 "'}}"), "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS(A("k8s.node.name", "gpu-7") "," A("host.name", "h"), "{'body':{'stringValue':'" X79 "'}}"), "xid - gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{" AT ",'attributes':[" A("host.name", "gpu-7") "],'body':{'stringValue':'" X79 "'}}"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS("", "{" AT ",'body':{'stringValue':'quoting " X79 "'}}"), ""),
	/* body: a journal entry */
	ROW(LOGS(A("host.name", "collector"), "{" AT ",'body':{'kvlistValue':{'values':[" A("MESSAGE", X79) "," A("_HOSTNAME", "gpu-7") ","
		A("_TRANSPORT", "kernel") "," A("_BOOT_ID", "b1") "," A("__CURSOR", "c1") "," A("__REALTIME_TIMESTAMP", US) "]}}}"),
		"xid " TS " gpu-7 0000:3b:00.0 79 e=c1 b=b1 '" X79 "'|"),
	ROW(LOGS(A("host.name", "gpu-7"), "{" AT ",'body':{'kvlistValue':{'values':[" A("MESSAGE", X79) "," A("_TRANSPORT", "kernel") "]}}}"),
		"xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS(A("host.name", "gpu-7"), "{" AT ",'body':{'kvlistValue':{'values':[" A("MESSAGE", X79) "," A("_TRANSPORT", "stdout") "]}}}"), ""),
	/* body: an Event, watched or not; the collector's host is not its node */
	ROW(LOGS(A("host.name", "collector"), "{" AT ",'body':{'kvlistValue':{'values':[" A("type", "ADDED") "," LIST("object", A("kind", "Event") ","
		LIST("metadata", A("uid", "e1")) "," LIST("involvedObject", A("kind", "Pod") "," A("namespace", "ml") "," A("name", "train-0") "," A("uid", "p1")) ","
		A("reason", "Evicted") "," A("message", "low") "," A("lastTimestamp", TS) "," LIST("source", A("host", "gpu-7"))) "]}}}"), LOST),
	ROW(LOGS(A("host.name", "collector"), "{'timeUnixNano':'1','body':{'kvlistValue':{'values':[" A("kind", "Event") ","
		LIST("metadata", A("uid", "e1")) "," LIST("regarding", A("kind", "Pod") "," A("namespace", "ml") "," A("name", "train-0") "," A("uid", "p1")) ","
		A("reason", "Preempted") "," A("note", "x") "," A("eventTime", TS) "]}}}"),
		"loss " TS " - ml/train-0 p1 Preempted event e=e1 'x'|"),
	ROW(LOGS("", "{'body':{'kvlistValue':{'values':[" A("type", "ADDED") "," LIST("object", A("kind", "Pod") "," LIST("metadata", A("name", "train-0") ","
		A("namespace", "ml") "," A("uid", "p1")) "," LIST("spec", A("nodeName", "gpu-7")) "," LIST("status", A("phase", "Failed") "," A("reason", "Evicted") ","
		"{'key':'conditions','value':{'arrayValue':{'values':[{'kvlistValue':{'values':[" A("type", "DisruptionTarget") "," A("status", "True") ","
		A("lastTransitionTime", TS) "]}}]}}}")) "]}}}"),
		"loss " TS " gpu-7 ml/train-0 p1 Evicted object e=p1 ''|" PLACED),
	/* the receiver of Events: everything in attributes */
	ROW(LOGS(A("k8s.node.name", "gpu-7") "," A("k8s.object.kind", "Pod") "," A("k8s.object.name", "train-0") "," A("k8s.object.uid", "p1"),
		"{" AT ",'severityText':'Warning','body':{'stringValue':'low'},'attributes':[" A("k8s.event.reason", "Evicted") "," A("k8s.event.uid", "e1") ","
		A("k8s.namespace.name", "ml") ",{'key':'k8s.event.count','value':{'intValue':'1'}}]}"), LOST),
	ROW(LOGS(A("k8s.node.name", "") "," A("host.name", "collector") "," A("k8s.object.kind", "Pod") "," A("k8s.object.name", "train-0"),
		"{" AT ",'body':{'stringValue':'low'},'attributes':[" A("k8s.event.reason", "Evicted") "," A("k8s.namespace.name", "ml") "]}"),
		"loss " TS " - ml/train-0 - Evicted event 'low'|"),
	ROW(LOGS(A("host.name", "collector"), "{" AT ",'body':{'stringValue':'low'},'attributes':[" A("k8s.event.reason", "Evicted") "," A("k8s.pod.name", "train-0") ","
		A("k8s.node.name", "") "]}"),
		"loss " TS " - /train-0 - Evicted event 'low'|"),
	ROW(LOGS(A("host.name", "gpu-7"), "{" AT ",'attributes':[" A("k8s.event.reason", "Evicted") "," A("k8s.pod.name", "train-0") "]}"),
		"loss " TS " gpu-7 /train-0 - Evicted event ''|place " TS " gpu-7 /train-0 -|"),
	ROW(LOGS(A("k8s.object.kind", "Node") "," A("k8s.object.name", "gpu-7"), "{" AT ",'attributes':[" A("k8s.event.reason", "NodeNotReady") "]}"), ""),
	ROW(LOGS(A("k8s.object.kind", "Node") "," A("k8s.object.name", "gpu-7"), "{" AT ",'attributes':[" A("k8s.event.reason", "NodeHasDiskPressure") "]}"),
		"condition " TS " gpu-7 disk on NodeHasDiskPressure ''|"),
	ROW(LOGS(A("k8s.object.kind", "Workload") "," A("k8s.object.name", "job-1"), "{" AT ",'attributes':[" A("k8s.event.reason", "Evicted") "]}"), ""),
	/* many resources, scopes, records */
	ROW("{'resourceLogs':[{'resource':{'attributes':[" A("host.name", "a") "]},'scopeLogs':[{'logRecords':[{'body':{'stringValue':'" X79 "'}},"
		"{'body':{'stringValue':'x'}},{" AT ",'body':{'stringValue':'" X79 "'}}]},{'logRecords':[{'body':{'stringValue':'" X48 "'}}]}]},"
		"{'scopeLogs':[{'logRecords':[{'body':{'stringValue':'" X79 "'}}]}]},{'resource':{'attributes':[" A("host.name", "b") "]},'scopeLogs':[{'logRecords':["
		"{'body':{'stringValue':'" X79 "'}}]}]}]}",
		"xid - - 0000:3b:00.0 79 '" X79 "'|xid - a 0000:3b:00.0 48 '" X48 "'|xid - a 0000:3b:00.0 79 '" X79 "'|"
		"xid - b 0000:3b:00.0 79 '" X79 "'|xid " TS " a 0000:3b:00.0 79 '" X79 "'|"),
	/* omitted defaults, and other requests */
	ROW("{'resourceLogs':[]}", ""), ROW("{'resourceLogs':[{}]}", ""), ROW("{'resourceLogs':null}", ""), ROW("{'resourceLogs':5}", ""),
	ROW("{'resourceLogs':[{'scopeLogs':[{}]}]}", ""), ROW(LOGS("", ""), ""), ROW(LOGS("", "{}"), ""), ROW(LOGS("", "{'body':{}}"), ""),
	ROW(LOGS("", "{'body':null,'attributes':null}"), ""), ROW(LOGS("", "{'attributes':[{'key':'kernelevents.xid'}]}"), ""),
	ROW(LOGS("", "{'attributes':[{'key':'kernelevents.xid','value':{}}]}"), ""),
	ROW("{'resourceMetrics':[{'scopeMetrics':[{'metrics':[{'name':'x','description':'" X79 "'}]}]}]}", ""),
};

#define ME(name, labels) "{'metric':{'__name__':'DCGM_FI_DEV_" name "'," labels "},"
#define RESULT(type, series) "{'status':'success','data':{'resultType':'" type "','result':[" series "]}}"
#define WHO "'Hostname':'gpu-7','gpu':'2','UUID':'" UUID "','pci_bus_id':'00000000:3B:00.0'"
#define IS "gpu-7 0000:3b:00.0 " UUID " 2"
#define KNOWN(t) "gpu " t " " IS "|"
#define METRICS(resource, name, kind, points) \
	"{'resourceMetrics':[{'resource':{'attributes':[" resource "]},'scopeMetrics':[{'metrics':[{'name':'" name \
	"','" kind "':{" points "}}]}]}]}"
#define AI(key, n) "{'key':'" key "','value':{'intValue':'" n "'}}"

static const struct row measurements[] = {
	ROW(RESULT("vector", ME("GPU_TEMP", WHO) "'value':[1772600767.082,'32']}"),
		KNOWN("2026-03-04T05:06:07.082Z") "sample 2026-03-04T05:06:07.082Z " IS " 150 32|"),
	/* exact decimal seconds, in any spelling of a number */
	ROW(RESULT("matrix", ME("ECC_DBE_VOL_TOTAL", WHO) "'values':[[1772600767,'0'],[1.772600767000000001e9,'3']]}"),
		KNOWN(TS) KNOWN("2026-03-04T05:06:07.000000001Z") "sample " TS " " IS " 311 0|sample 2026-03-04T05:06:07.000000001Z " IS " 311 3|"),
	/* invalid values are dropped, others stay */
	ROW(RESULT("matrix", ME("ECC_DBE_VOL_TOTAL", WHO) "'values':[[1772600760,'NaN'],[1772600761,'9223372036854775794'],"
		"[1772600762],[],{},null,['x','1'],[1772600767,'3'],[1772600768,'+Inf'],[1772600769,null]]}"),
		KNOWN(TS) "sample " TS " " IS " 311 3|"),
	/* labels in other styles; the better name wins */
	ROW(RESULT("vector", ME("GPU_TEMP", "'hostname':'gpu-7','node':'other','uuid':'" UUID "'") "'value':[1772600767,'32']}"),
		"sample " TS " gpu-7 - " UUID " -1 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'node':'other','Hostname':'GPU-7','gpu':'0'") "'value':[1772600767,'32']}"),
		"sample " TS " gpu-7 - - 0 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'instance':'10.1.2.3:9400','gpu':'0'") "'value':[1772600767,'32']}"),
		"sample " TS " 10.1.2.3 - - 0 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'instance':'[fd00::7]:9400','gpu':'0'") "'value':[1772600767,'32']}"),
		"sample " TS " fd00::7 - - 0 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'instance':'fd00::','gpu':'0'") "'value':[1772600767,'32']}"),
		"sample " TS " fd00:: - - 0 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'instance':'http://gpu-7:9400/metrics','kubernetes_node':'','gpu':'0'") "'value':[1772600767,'32']}"),
		"sample " TS " gpu-7 - - 0 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'Hostname':'dcgm-x','pod':'dcgm-x','instance':'gpu-7:9400','gpu':'0'") "'value':[1772600767,'32']}"),
		"sample " TS " gpu-7 - - 0 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'gpu':'" UUID "'") "'value':[1772600767,'32']}"), "sample " TS " - - " UUID " -1 150 32|"),
	/* Datadog's and OpenTSDB's points */
	ROW("{'res_type':'time_series','series':[{'metric':'dcgm.temperature','scope':'host:gpu-7,gpu:2','pointlist':[[1772600760000.0,31.0],[1772600763000.0,null],[1772600767000.0,32.0]]}]}",
		"sample " TS0 " gpu-7 - - 2 150 31|sample " TS " gpu-7 - - 2 150 32|"),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'max','expression':'max:dcgm.clock_throttle_reasons{gpu:2}.rollup(max, 60)','interval':60,"
		"'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", "sample " TS " - - - 2 112 64|"),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'max','expression':'max:dcgm.clock_throttle_reasons{gpu:2}','interval':15,"
		"'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", "sample " TS " - - - 2 112 64|"),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'max','expression':'max:dcgm.clock_throttle_reasons{gpu:2}','interval':16,"
		"'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", ""),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'avg','interval':15,'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", ""),
	ROW("{'metric':'dcgm.correctable_remapped_rows','aggr':'max','interval':15,'scope':'gpu:2','pointlist':[[1772600767000.0,1.0]]}", ""),
	ROW("{'metric':'dcgm.temperature','scope':'*','pointlist':[[1772600767000.0,64.0]]}", ""),
	ROW("[{'metric':'DCGM_FI_DEV_GPU_TEMP','tags':{'host':'gpu-7','gpu':'2'},'aggregateTags':[],'dps':{'1772600760':31,'x':1,'1772600767000':32}}]",
		"sample " TS0 " gpu-7 - - 2 150 31|sample " TS " gpu-7 - - 2 150 32|"),
	ROW("[{'metric':'DCGM_FI_DEV_GPU_TEMP','tags':{'host':'gpu-7','gpu':'2'},'dps':[[1772600760,31],[],[1772600767,32]]}]",
		"sample " TS0 " gpu-7 - - 2 150 31|sample " TS " gpu-7 - - 2 150 32|"),
	ROW("[{'metric':'DCGM_FI_DEV_GPU_TEMP','tags':{'host':'gpu-7'},'aggregateTags':['gpu'],'dps':{'1772600760':31}}]", ""),
	/* with the GPU's UUID, too; at the first and the last time */
	ROW("[{'metric':'DCGM_FI_DEV_GPU_TEMP','tags':{'host':'gpu-7','gpu':'2','UUID':'" UUID "'},'dps':{'1772600767':32,'1772600760':31}}]",
		"gpu " TS0 " gpu-7 - " UUID " 2|gpu " TS " gpu-7 - " UUID " 2|sample " TS0 " gpu-7 - " UUID " 2 150 31|sample " TS " gpu-7 - " UUID " 2 150 32|"),
	ROW("{'metric':'dcgm.temperature','scope':'x,host:gpu-7,gpu:2,uuid:" UUID "','pointlist':[[1772600760000.0],[1772600767000.0,32.0]]}",
		"gpu " TS " gpu-7 - " UUID " 2|sample " TS " gpu-7 - " UUID " 2 150 32|"),
	/* a mask that Datadog may have averaged */
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'min','expression':'min:x{gpu:2}.rollup(min, 60)','scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", "sample " TS " - - - 2 112 64|"),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'avg','expression':'avg:x{gpu:2}.rollup(max, 60)','scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", ""),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'max','expression':'max:x{gpu:2}.rollup(avg, 60)','scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", ""),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'max','interval':0,'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", ""),
	ROW("{'metric':'dcgm.clock_throttle_reasons','aggr':'max','interval':1,'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}", "sample " TS " - - - 2 112 64|"),
	/* what is no measurement of a GPU is left to other dialects */
	ROW("{'metric':'other','scope':'gpu:2','pointlist':[[1772600767000.0,1.0]],'message':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'metric':'dcgm.temperature','scope':'*','pointlist':[[1772600767000.0,1.0]],'message':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'series':[{'metric':'other','scope':'gpu:2','pointlist':[[1772600767000.0,1.0]]}],'message':'" X79 "'}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'metric':'DCGM_FI_DEV_GPU_TEMP','tags':{'host':'gpu-7'},'dps':{'1772600760':31},'message':'" X79 "'}", "xid - gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'metric':'dcgm.temperature','scope':'gpu:2','pointlist':[[1772600767000.0,31.0]],'message':'" X79 "'}", "sample " TS " - - - 2 150 31|"),
	/* MIG instances: only if the GPU itself has no samples */
	ROW(RESULT("vector", ME("GPU_TEMP", "'gpu':'1','GPU_I_ID':'7'") "'value':[1772600767,'32']}"),
		"sample " TS " - - - 1 150 32 mig=7|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'gpu':'1','GPU_I_ID':'7'") "'value':[1772600767,'31']}," ME("GPU_TEMP", "'gpu':'1','GPU_I_ID':''") "'value':[1772600767,'32']},"
		ME("GPU_TEMP", "'gpu':'1','GPU_I_ID':'8'") "'value':[1772600766,'30']}"),
		"sample " TS " - - - 1 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'gpu_id':'3','gpu':'4'") "'value':[1772600767,'32']}"), "sample " TS " - - - 3 150 32|"),
	ROW(RESULT("vector", ME("GPU_TEMP", "'gpu':'32767','uuid':'" UUID "'") "'value':[1772600767,'32']}"), "sample " TS " - - " UUID " -1 150 32|"),
	/* violation time is in ns, despite the documentation */
	ROW(RESULT("vector", ME("THERMAL_VIOLATION", "'gpu':'1'") "'value':[1772600767,'5000000000']}"), "sample " TS " - - - 1 241 5000000000|"),
	/* prom2json */
	ROW("[{'name':'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL','help':'','type':'COUNTER','metrics':[{'labels':{" WHO "},'value':'4','timestamp_ms':'1772600767000'},"
		"{'labels':{'gpu':'5'},'value':'1'},{'value':'9'}]}]",
		KNOWN(TS) "sample - - - - 5 311 1|sample " TS " " IS " 311 4|"),
	/* OTLP */
	ROW(METRICS(A("host.name", "gpu-7"), "hw.errors", "sum", "'aggregationTemporality':1,'dataPoints':[{'asInt':'3','startTimeUnixNano':'1772600760000000000',"
		"'timeUnixNano':'" NS "','attributes':[" A("error.type", "uncorrected") "," A("gpu.id", "0000:3b:00.0") "]}]"),
		"sample " TS " gpu-7 0000:3b:00.0 - -1 311 3 delta from=" TS0 "|"),
	ROW(METRICS(A("k8s.node.name", "gpu-7") "," A("host.name", "collector"), "hw.errors", "sum", "'aggregationTemporality':2,'isMonotonic':true,'dataPoints':["
		"{'asDouble':3,'startTimeUnixNano':1772600760000000000,'timeUnixNano':'" NS "','attributes':[" A("error.type", "corrected") "," A("gpu.uuid", UUID) "]}]"),
		"sample " TS " gpu-7 - " UUID " -1 310 3 from=" TS0 "|"),
	/* a point's own labels before its resource's; a scraped counter's start is not its own */
	ROW(METRICS(A("host.name", "collector"), "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "sum", "'aggregationTemporality':2,'dataPoints':[{'asDouble':3,'startTimeUnixNano':"
		"'1772600760000000000','timeUnixNano':'" NS "','attributes':[" A("Hostname", "gpu-7") "," AI("gpu", "2") "]}]"),
		"sample " TS " gpu-7 - - 2 311 3|"),
	ROW(METRICS("", "DCGM_FI_DEV_GPU_TEMP", "gauge", "'dataPoints':[{'asDouble':71.5,'timeUnixNano':'" NS "','attributes':[" AI("gpu", "2") "]},"
		"{'asDouble':'NaN','timeUnixNano':'" NS "','attributes':[" AI("gpu", "2") "]},{'timeUnixNano':'" NS "','flags':1,'asInt':'9','attributes':[" AI("gpu", "2") "]}]"),
		"sample " TS " - - - 2 150 71.5|"),
	ROW(METRICS(A("gpu.uuid", UUID) "," AI("gpu.number", "3"), "gpu.dcgm.clock.throttle_duration.time", "sum", "'aggregationTemporality':2,'dataPoints':["
		"{'asDouble':1.5,'timeUnixNano':'" NS "','attributes':[" A("gpu.clock.violation", "thermal") "]},{'asDouble':9,'timeUnixNano':'" NS "','attributes':[" A("gpu.clock.violation", "sync_boost") "]}]"),
		"gpu " TS " - - " UUID " 3|sample " TS " - - " UUID " 3 241 1500000000|"),
	ROW(METRICS(A("gpu.uuid", UUID), "gpu.dcgm.ecc_errors", "sum", "'aggregationTemporality':'AGGREGATION_TEMPORALITY_DELTA','dataPoints':["
		"{'asInt':'2','timeUnixNano':'" NS "','attributes':[" A("gpu.error.type", "dbe") "]}]"),
		"sample " TS " - - " UUID " -1 311 2 delta|"),
	/* flat */
	ROW("{'hw.errors.delta':2,'gpu.id':'PCI:0000:3b:00','error.type':'uncorrected','error.subtype':'double_bit','error.persistence':'volatile','k8s.node.name':'gpu-7','time':'" TS "'}",
		"sample " TS " gpu-7 0000:3b:00.0 - -1 311 2 delta|"),
	ROW("{'hw.errors':'2','gpu.id':'" UUID "','error.type':'uncorrected','error.subtype':'dram','host.name':'gpu-7','time':" NS ",'start_time':1772600760000000000}",
		"sample " TS " gpu-7 - " UUID " -1 319 2 from=" TS0 "|"),
	ROW("{'attributes':{'hw.errors.delta':1,'gpu.id':'3b:00.0','hw.gpu.index':4,'error.type':'uncorrected'},'resource':{'k8s.node.name':'n'},'timestamp':'" TS "'}",
		"gpu " TS " n 0000:3b:00.0 - 4|sample " TS " n 0000:3b:00.0 - 4 311 1 delta|"),
	ROW("{'metric.name':'DCGM_FI_DEV_ECC_DBE_VOL_DEV','value':7,'gpu.id':'3b:00.0','gpu.uuid':'" UUID "','k8s.node.name':'n','time':" NS "}",
		"gpu " TS " n 0000:3b:00.0 " UUID "|sample " TS " n 0000:3b:00.0 " UUID " -1 319 7|"),
	ROW("{'metric.name':'clocks_event_reasons.active','value':'0x0000000000000048','gpu.id':'3b:00.0','time':" NS "}", "sample " TS " - 0000:3b:00.0 - -1 112 72|"),
};

static const struct row useless[] = {
	ROW(RESULT("vector", ME("XID_ERRORS", WHO) "'value':[1772600767,'79']}"), ""),
	ROW(RESULT("vector", ME("GPU_TEMP", "'Hostname':'gpu-7'") "'value':[1772600767,'32']}"), ""),
	ROW(RESULT("vector", "{'metric':{" WHO "},'value':[1772600767,'32']}"), ""),
	ROW(RESULT("scalar", "1772600767,'32'"), ""), ROW(RESULT("string", "1772600767,'DCGM_FI_DEV_GPU_TEMP'"), ""),
	ROW("{'status':'error','errorType':'bad_data','error':'DCGM_FI_DEV_GPU_TEMP'}", ""),
	ROW(RESULT("vector", "null,7,[],{}"), ""), ROW(RESULT("matrix", ME("GPU_TEMP", WHO) "'values':7}"), ""),
	ROW("{'hw.errors.delta':2,'gpu.id':'3b:00.0','error.type':'uncorrected','error.subtype':'crc'}", ""),
	ROW("{'hw.errors.delta':2,'gpu.id':'3b:00.0'}", ""), ROW("{'hw.errors.delta':2,'error.type':'uncorrected'}", ""),
	ROW("{'hw.errors.delta':'many','gpu.id':'3b:00.0','error.type':'uncorrected'}", ""),
	ROW("{'metric.name':'DCGM_FI_DEV_ENC_UTIL','value':7,'gpu.id':'3b:00.0'}", ""),
	ROW("{'resourceMetrics':[]}", ""), ROW("{'resourceMetrics':[{'resource':{},'unexpected':'x'}]}", ""), ROW("{'resourceMetrics':7}", ""),
	ROW(METRICS("", "DCGM_FI_DEV_GPU_TEMP", "histogram", "'dataPoints':[{'count':'2','sum':2,'timeUnixNano':'" NS "','attributes':[" AI("gpu", "2") "]}]"), ""),
};

/* a verdict with the pieces of evidence t */
#define VERDICT(t) "{'pattern.id':'p','node':'gpu-7','evidence_trail':[" t "]}"
#define AS_QUOTED(t) "{\"pattern.id\":\"p\",\"node\":\"gpu-7\",\"evidence_trail\":[" t "]}"
#define PIECE(t) "{'timestamp':'" t "'}"
#define QUOTED_PIECE(t) "{\"timestamp\":\"" t "\"}"
static const struct row verdicts[] = {
	/* it began with its first evidence */
	ROW(VERDICT(PIECE(TS) "," PIECE(TS0) "," PIECE(TS)), "verdict " TS0 " gpu-7 " AS_QUOTED(QUOTED_PIECE(TS) "," QUOTED_PIECE(TS0) "," QUOTED_PIECE(TS)) "|"),
	ROW(VERDICT("{}," PIECE(TS)), "verdict " TS " gpu-7 " AS_QUOTED("{}," QUOTED_PIECE(TS)) "|"),
	ROW(VERDICT(""), "verdict - gpu-7 " AS_QUOTED("") "|"),
	ROW("{'pattern.id':'p','node':'gpu-7','evidence_trail':7}", ""),
	ROW("{'pattern.id':7,'node':'gpu-7','evidence_trail':[]}", ""),
};

static const struct row scraped[] = {
	ROW("[{'name':'DCGM_FI_DEV_GPU_TEMP','type':'GAUGE','metrics':[{'labels':{'gpu':'5'},'value':'41'}]}]", "sample " TS " - - - 5 150 41|"),
};
static const struct row scraped_text[] = {
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} 41", "sample " TS " - - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} 41 1772600760000", "sample " TS0 " - - - 5 150 41|"),
};

static const struct row exposition[] = {
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\",Hostname=\"n\"} 41", "sample - n - - 5 150 41|"),
	/* blanks of old exporters, OpenMetrics' times and exemplars */
	ROW("DCGM_FI_DEV_GPU_TEMP { gpu = \"5\" , Hostname=\"n\" , }\t41.000000  1772600767000", "sample " TS " n - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} 41 1772600767.0 # {trace_id=\"x\"} 1", "sample " TS " - - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} 41 # {trace_id=\"x\"} 1", "sample - - - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\",job=\"a\\\"},b\",Hostname=\"x\\\\y\"} 41", "sample - x\\y - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} NaN", ""), ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} 9223372036854775794", ""),
	ROW("DCGM_FI_DEV_GPU_TEMP 41", ""), ROW("up 1", ""), ROW("go_gc{quantile=\"0.5\"} 1.2e-05", ""), ROW("x +Inf", ""), ROW("x 1e400", ""),
	/* promtool's output: of dumps and of instant queries */
	ROW("{__name__=\"DCGM_FI_DEV_GPU_TEMP\", gpu=\"5\"} 41 1772600767000", "sample " TS " - - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} => 41 @[1772600767.5]", "sample 2026-03-04T05:06:07.500Z - - - 5 150 41|"),
	ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} => 41 @[soon]", "no"), ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} => 41 @1772600767", "no"), ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\"} => 41", "no"),
	ROW("{gpu=\"5\"} 41", "no"), ROW("{__name__=\"x\"} 41", ""), ROW("x -5", ""), ROW("x +5", ""), ROW("x nan", ""), ROW("x -Inf", ""), ROW("x infinity", ""), ROW("x -", "no"),
	ROW("x_:9 1", ""), ROW(":x 1", ""), ROW("x 1 1772600767000 # y", ""), ROW("DCGM_FI_DEV_GPU_TEMP{gpu=\"5\",Hostname=\"x\\ny\"} 41", "sample - x\ny - - 5 150 41|"),
	ROW("# HELP DCGM_FI_DEV_GPU_TEMP x", "#"), ROW("#", "#"), ROW("  # EOF", "#"),
	ROW("I0514 03:30:05.000001    2023 eviction_manager.go:369] x", "no"), ROW("up 03:30:05", "no"),
	ROW("", "no"), ROW("nonsense", "no"), ROW("two words", "no"), ROW("a b c", "no"), ROW("x{", "no"), ROW("x{a}", "no"),
	ROW("x{a=b} 1", "no"), ROW("x{a=\"b} 1", "no"), ROW("x{a=\"b\"", "no"), ROW("x{a=\"b\"}", "no"), ROW("x{a=\"b\" c=\"d\"} 1", "no"),
	ROW("x{a=\"b\\", "no"), ROW("9x 1", "no"), ROW("x 1 soon", "no"), ROW("{'x':1}", "no"), ROW("x{=\"b\"} 1", "no"),
};

/* JSON in a string, with a screen; X is an Xid line in it. */
#define X "\\\"MESSAGE\\\":\\\"" X79 "\\\""
static const struct row inner[] = {
	/* a container's log; members of its collector that the entry lacks */
	ROW("{'log':'{" X ",\\\"_TRANSPORT\\\":\\\"kernel\\\",\\\"_HOSTNAME\\\":\\\"gpu-7\\\",\\\"__REALTIME_TIMESTAMP\\\":\\\"" US "\\\"}\\n','stream':'stdout',"
		"'time':'" TS0 "','kubernetes':{'host':'gpu-8'}}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'log':'{" X "}','time':'" TS "','kubernetes':{'host':'gpu-7'}}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'line':'{\\\"msg\\\":\\\"" X79 "\\\",\\\"node\\\":\\\"gpu-7\\\"}','timestamp':'" TS "','labels':{'node':'gpu-8'}}",
		"xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'data':{'result':[{'stream':{'node':'gpu-7'},'values':[['" NS "','{\\\"a\\\":[{\\\"b\\\":\\\"" X79 "\\\"}]}'],['" NS "','NVRM: Xid (PCI:0000:3b:00): 45, x']]}]}}",
		"xid " TS " gpu-7 0000:3b:00.0 45 'NVRM: Xid (PCI:0000:3b:00): 45, x'|xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW(LOGS(A("host.name", "gpu-7"), "{" AT ",'body':{'stringValue':'{" X "}'}}"), "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'log':'{\\\"kernelevents.xid\\\":79,\\\"gpu.id\\\":\\\"3b:00.0\\\"}','time':'" TS "','node':'gpu-7'}", "xid " TS " gpu-7 0000:3b:00.0 79 ''|"),
	/* an Event's node is not its exporter's */
	ROW("{'log':'{\\\"k8s.event.reason\\\":\\\"Evicted\\\",\\\"k8s.pod.name\\\":\\\"train-0\\\"}','time':'" TS "','node':'gpu-8'}",
		"loss " TS " - /train-0 - Evicted event ''|"),
	ROW("{'log':'{\\\"involvedObject\\\":{\\\"kind\\\":\\\"Pod\\\",\\\"name\\\":\\\"train-0\\\",\\\"namespace\\\":\\\"ml\\\"},\\\"reason\\\":\\\"Evicted\\\",\\\"message\\\":\\\"low\\\"}',"
		"'time':'" TS "','node':'gpu-8'}", "loss " TS " - ml/train-0 - Evicted event 'low'|"),
	/* a string in the string's JSON is also read as an object */
	ROW("{'log':'{\\\"a\\\":\\\"{\\\\\\\"MESSAGE\\\\\\\":\\\\\\\"" X79 "\\\\\\\"}\\\"}','node':'gpu-7'}", "xid - gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* a quoted line; not JSON; no word in it */
	ROW("{'log':'{" X ",\\\"_TRANSPORT\\\":\\\"stdout\\\"}','node':'gpu-7'}", ""),
	ROW("{'log':'{" X "','node':'gpu-7'}", ""),
	ROW("{'log':'{" X "}}','node':'gpu-7'}", ""),
	ROW("{'log':' {" X "}','node':'gpu-7'}", ""),
	ROW("{'log':'[{" X "}]','node':'gpu-7'}", ""),
	ROW("{'log':'{\\\"MESSAGE\\\":\\\"\\\\u004eVRM: Xid (PCI:0000:3b:00): 79, off\\\"}','node':'gpu-7'}", ""),
	/* later elements keep their own node and time, and get none of it */
	ROW("[{'log':'{" X "}','node':'gpu-8','time':'" TS "'},{'kernelevents.xid':48,'gpu.id':'3b:00.0'}]",
		"xid - - 0000:3b:00.0 48 ''|xid " TS " gpu-8 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'node':'gpu-7','time':'" TS "','a':[{'node':'gpu-8','l':'{\\\"x\\\":{\\\"node\\\":\\\"gpu-9\\\",\\\"l\\\":\\\"" X79 "\\\"}}'},{'l':'" X79 "'}]}",
		"xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|xid " TS " gpu-9 0000:3b:00.0 79 '" X79 "'|"),
};

static const struct row envelope[] = {
	/* Fluent Bit */
	ROW("{'date':1772600767.5,'log':'" X79 "\\n','kubernetes':{'host':'gpu-7'}}", "xid 2026-03-04T05:06:07.500Z gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'date':1772600767.000000,'_HOSTNAME':'gpu-7','_TRANSPORT':'kernel','MESSAGE':'" X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* Loki: logcli, and responses of its API */
	/* Vector of pods, Google's and Azure's logs */
	ROW("{'timestamp':'" TS "','kubernetes':{'pod_name':'tail','pod_node_name':'gpu-7'},'message':'" X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'timestamp':'" TS "','resource':{'type':'k8s_node','labels':{'node_name':'gpu-7'}},'textPayload':'" X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'TimeGenerated':'" TS "','Computer':'gpu-7','SyslogMessage':'" X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* a member's name is no message */
	ROW("{'" X79 "':'" X48 "'}", XID48("-", "-")),
	/* a text in a member that usually wraps records */
	ROW("{'timestamp':'" TS "','host':'gpu-7','events':'" X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* stamps in the line, also in a container's log */
	ROW("{'message':'<4>1 " TS " gpu-7 kernel - - - " X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'message':'" TS " stdout F [   12.5] " X79 "','node':'gpu-7'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'labels':{'node':'gpu-7'},'line':'" X79 "','timestamp':'" TS "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'status':'success','data':{'resultType':'streams','result':[{'stream':{'node_name':'gpu-7'},'values':[['" NS "','" X79 "'],"
		"['1772600760000000000','" X48 "']]}]}}",
		"xid " TS0 " gpu-7 0000:3b:00.0 48 '" X48 "'|xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	/* CloudWatch */
	ROW("{'@timestamp':'2026-03-04 05:06:07.000','@message':'" X79 "'}", "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'events':[{'timestamp':1772600767000,'message':'" X79 "','ingestionTime':1772600768000}],'nextToken':'x'}", "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	/* Elasticsearch */
	ROW("{'_index':'k','_source':{'@timestamp':'" TS "','host':{'name':'gpu-7'},'message':'" X79 "'}}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'took':1,'hits':{'total':{'value':2},'hits':[{'_source':{'@timestamp':'" TS "','host':{'hostname':'gpu-7'},'message':'" X79 "'}},"
		"{'_source':" EVICTED "}]}}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|" LOST),
	/* HyperPod's agent */
	ROW("{'level':'info','ts':'" TS "','msg':'NPD caught event','details':{'severity':'warn','reason':'XidHardwareFailure','message':'" X79 "'},"
		"'HealthMonitoringAgentDetectionEvent':'HealthEvent'}", "xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'level':'info','ts':'" TS "','msg':'x','Event detail':{'Action':'Reboot','Type':'Warning','Reason':'XidHardwareFailure','Message':'" X79 "'}}",
		"xid " TS " - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'level':'info','ts':'" TS "','msg':'DCGM Policy Violation found ','condition: ':'XID Error','data: ':{'ErrNum':79}}", "xid " TS " - - 79 ''|"),
	ROW("{'level':'info','ts':'" TS "','msg':'DCGM Policy Violation found ','condition: ':'Thermal','data: ':{'ErrNum':79}}", ""),
	ROW("{'ts':'" TS "','condition: ':'XID Error','data: ':{'ErrNum':0}}", ""),
	/* NVSentinel's HealthEvent */
	ROW("{'agent':'syslog-health-monitor','componentClass':'GPU','checkName':'SysLogsXIDError','isFatal':true,'isHealthy':false,'message':'off',"
		"'errorCode':['79'],'entitiesImpacted':[{'entityType':'GPU','entityValue':'0'},{'entityType':'NIC','entityValue':'0000:9b:00.0'},{'entityType':'PCI','entityValue':'0000:3b:00'}],"
		"'generatedTimestamp':'" TS "','nodeName':'gpu-7'}", "xid " TS " gpu-7 0000:3b:00.0 79 'off'|"),
	ROW("{'checkName':'SysLogsXIDError','message':'[ 1.5] " X79 "','errorCode':['79'],'entitiesImpacted':[],'generatedTimestamp':'" TS "','nodeName':'gpu-7'}",
		"xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'checkName':'SysLogsXIDError','isHealthy':true,'message':'No failures','errorCode':[],'entitiesImpacted':[{'entityType':'PCI','entityValue':'0000:3b:00'}],"
		"'generatedTimestamp':'" TS "','nodeName':'gpu-7'}", "recovery " TS " gpu-7 0000:3b:00.0 -|"),
	ROW("{'checkName':'SysLogsSXIDError','isHealthy':false,'message':'link','errorCode':['20034'],'entitiesImpacted':[],'generatedTimestamp':'" TS "','nodeName':'gpu-7'}", ""),
	ROW("{'checkName':'GpuThermalWatch','isHealthy':false,'message':'hot','errorCode':['79'],'entitiesImpacted':[],'generatedTimestamp':'" TS "','nodeName':'gpu-7'}", ""),
	ROW("{'checkName':'SysLogsXIDError','isHealthy':false,'message':'x','errorCode':['DCGM_FR_X'],'entitiesImpacted':[],'nodeName':'gpu-7'}", ""),
	/* syslog as JSON, and others: the nearest node and time around the line */
	ROW("{'timestamp':'" TS "','hostname':'gpu-7','facility':'kern','message':'[131453.740743] " X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'host':'outer','time':'" TS0 "','inner':{'host':'gpu-7','time':'" TS "','line':'" X79 "'}}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'host':'gpu-7','time':'" TS "','inner':{'deep':[1,{'line':'" X79 "'}]}}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'a':{'host':'x','time':'" TS0 "'},'b':{'line':'" X79 "'}}", "xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'a':'" X79 "','b':['" X48 "'],'c':'no'}",
		"xid - - 0000:3b:00.0 48 '" X48 "'|xid - - 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'time':1772600767,'node':'GPU-7','raw':'" X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'x':{'host':'b','l':['" X79 "']},'host':'a','m':'" X48 "'}", "xid - a 0000:3b:00.0 48 '" X48 "'|xid - b 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'l':[{'host':'a','m':'" X79 "'},'" X48 "']}", "xid - - 0000:3b:00.0 48 '" X48 "'|xid - a 0000:3b:00.0 79 '" X79 "'|"),
	ROW("[{'host':'a','log':'" X79 "'},{'log':'" X48 "'}]", "xid - - 0000:3b:00.0 48 '" X48 "'|xid - a 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'hostname':'gpu-7','events':[{'message':'" X79 "','timestamp':'" TS "'},{'message':'" X48 "','timestamp':'" TS0 "'},{'message':'" X48 "','hostname':'gpu-8'}]}",
		"xid - gpu-8 0000:3b:00.0 48 '" X48 "'|xid " TS0 " gpu-7 0000:3b:00.0 48 '" X48 "'|xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'host':'a','events':[{'events':[{'log':'" X79 "','host':'b'},{'log':'" X48 "'}]},{'log':'NVRM: Xid (PCI:0000:3b:00): 13, x'}]}",
		"xid - a 0000:3b:00.0 13 'NVRM: Xid (PCI:0000:3b:00): 13, x'|xid - a 0000:3b:00.0 48 '" X48 "'|xid - b 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'a':{'host':'x','l':'" X79 "'},'b':{'host':'y','l':'" X79 "'},'c':[{'l':'" X48 "','time':'" TS "'},{'l':'" X79 "'}]}",
		"xid - - 0000:3b:00.0 79 '" X79 "'|xid - x 0000:3b:00.0 79 '" X79 "'|xid - y 0000:3b:00.0 79 '" X79 "'|xid " TS " - 0000:3b:00.0 48 '" X48 "'|"),
	/* the line's own stamp, if there is no other time */
	ROW("{'log':'Mar  4 05:06:07 gpu-7 kernel: [ 1.5] " X79 "'}", "xid - gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'log':'" TS " gpu-7 kernel: " X79 "'}", "xid " TS " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'log':'" TS0 " gpu-8 kernel: " X79 "','timestamp':'" TS "','hostname':'gpu-7'}", "xid " TS0 " gpu-8 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'log':'" TS0 " gpu-8 kernel: " X79 "','timestamp':'" TS "','node':'gpu-7'}", "xid " TS0 " gpu-7 0000:3b:00.0 79 '" X79 "'|"),
	ROW("{'text':'" X79 "\\nNVRM: Xid (PCI:0000:9b:00): 79, off'}", "xid - - 0000:3b:00.0 79 '" X79 "'|xid - - 0000:9b:00.0 79 'NVRM: Xid (PCI:0000:9b:00): 79, off'|"),
	ROW("{'text':'NVRM: Xid (PCI:0000:3b:00): 13, pid=`<unknown>`, name=<unknown>, x'}", "xid - - 0000:3b:00.0 13 'NVRM: Xid (PCI:0000:3b:00): 13, pid='<unknown>', name=<unknown>, x'|"),
	/* quotes, names, and values that are not objects */
	ROW("{'message':'Xid 79 means: " X79 "'}", ""),
	ROW("{'message':'GPU has fallen off the bus.'}", ""),
	ROW("{'counts':{'" X79 "':12}}", ""),
	ROW("{}", ""), ROW("[]", ""), ROW("null", ""), ROW("'" X79 "'", ""), ROW("17", ""), ROW("[[[{}]]]", ""),
};
/* clang-format on */

static struct events ev;
static struct mem mem;
static struct buf out;
static bool more; /* say all members of all records */

static struct str
json(struct str s)
{
	char *p = mem_bytes(&mem, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '\'' ? '"' : s.p[i] == '`' ? '\'' : s.p[i];
	return (struct str){p, s.n};
}

static struct str
say_text(struct str s)
{
	buf_add(&out, s.n ? s : S("-"));
	return s;
}

static void
say_event(const char *kind, const struct event *e)
{
	buf_add(&out, str_of(kind));
	buf_chr(&out, ' ');
	if (e->t == NO_TIME)
		buf_chr(&out, '-');
	else
		time_put(&out, e->t);
	buf_chr(&out, ' ');
	say_text(idx_at(&ev.names, e->node));
	buf_chr(&out, ' ');
}

static void
say_gpu(struct pci p)
{
	if (p.known)
		pci_put(&out, p);
	else
		buf_chr(&out, '-');
}

static void
say_pod(uint32_t ns, uint32_t name, uint32_t pod_uid)
{
	buf_add(&out, idx_at(&ev.names, ns));
	buf_chr(&out, '/');
	buf_add(&out, idx_at(&ev.names, name));
	buf_chr(&out, ' ');
	say_text(idx_at(&ev.names, pod_uid));
}

static void
say_if(const char *what, uint32_t id)
{
	if (!id)
		return;
	buf_add(&out, str_of(what));
	buf_add(&out, idx_at(&ev.names, id));
}

static void
say_quoted(uint32_t id)
{
	buf_add(&out, S(" '"));
	buf_add(&out, idx_at(&ev.names, id));
	buf_add(&out, S("'|"));
}

static void
flag(bool on, const char *s)
{
	if (on)
		buf_add(&out, str_of(s));
}

static void
say_time(const char *what, int64_t t)
{
	if (!more || t == NO_TIME)
		return;
	buf_add(&out, str_of(what));
	time_put(&out, t);
}

/* Records that only tables of more have. */
static void
say_more(void)
{
	static const char *const states[] = {"ready", "notready", "cordoned", "uncordoned", "removed", "known"};
	static const char *const lapses[] = {"", " reported", " silent"};
	static const char *const parts[] = {"launched", "missing", "dead", "about", "total", "error", "state", "named"};
	const struct event_list *l = ev.list;
	const struct node_word *w = l[EVENT_NODE].p;
	const struct pod *p = l[EVENT_POD].p;
	const struct aer *a = l[EVENT_AER].p;
	const struct rate *t = l[EVENT_RATE].p;
	const struct watchdog *h = l[EVENT_WATCHDOG].p;
	const struct ras *n = l[EVENT_RAS].p;

	for (size_t i = 0; i < l[EVENT_NODE].n; i++, w++) {
		say_event("node", &w->e);
		buf_add(&out, str_of(states[w->state]));
		buf_add(&out, str_of(lapses[w->lapse]));
		say_if(" e=", w->e.uid);
		say_quoted(w->note);
	}
	for (size_t i = 0; i < l[EVENT_POD].n; i++, p++) {
		say_event("pod", &p->e);
		say_pod(p->ns, p->name, p->e.uid);
		buf_chr(&out, ' ');
		buf_i64(&out, p->index);
		buf_chr(&out, ' ');
		buf_u64(&out, p->procs);
		buf_chr(&out, ' ');
		buf_u64(&out, p->gpus);
		say_if(" job=", p->job);
		say_if(" ip=", p->address);
		say_time(" ended=", p->ended);
		if (p->ended != NO_TIME) {
			buf_add(&out, S(" code="));
			buf_i64(&out, p->code);
		}
		flag(p->oom, " oom");
		flag(p->worker, " worker");
		flag(p->master, " master");
		flag(p->assumed, " assumed");
		flag(p->succeeded, " succeeded");
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_AER].n; i++, a++) {
		say_event("aer", &a->e);
		say_gpu(a->dev);
		buf_chr(&out, ' ');
		buf_u64(&out, a->severity);
		buf_chr(&out, ' ');
		buf_u64(&out, a->layer);
		buf_chr(&out, ' ');
		buf_u64(&out, a->status);
		say_if(" e=", a->e.uid);
		say_if(" u=", a->uuid);
		flag(a->driver == AER_DRIVER_NVIDIA, " driver");
		say_quoted(a->text);
	}
	for (size_t i = 0; i < l[EVENT_RATE].n; i++, t++) {
		say_event("rate", &t->e);
		say_gpu(t->gpu);
		buf_chr(&out, ' ');
		buf_fixed(&out, t->value, 3);
		buf_chr(&out, ' ');
		if (t->baseline == NO_TIME)
			buf_chr(&out, '-');
		else
			buf_fixed(&out, t->baseline, 3);
		say_if(" e=", t->e.uid);
		say_if(" u=", t->uuid);
		say_if(" to=", t->direction);
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_WATCHDOG].n; i++, h++) {
		say_event("hang", &h->e);
		if (h->rank == UINT32_MAX)
			buf_chr(&out, '-');
		else
			buf_u64(&out, h->rank);
		say_if(" of=", h->writer);
		say_if(" ranks=", h->ranks);
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_RAS].n; i++, n++) {
		say_event("ras", &n->e);
		if (n->rank == UINT32_MAX)
			buf_chr(&out, '-');
		else
			buf_u64(&out, n->rank);
		buf_chr(&out, ' ');
		buf_add(&out, str_of(parts[n->part]));
		buf_chr(&out, ' ');
		buf_i64(&out, n->count);
		if (n->size) {
			buf_add(&out, S(" of="));
			buf_u64(&out, n->size);
		}
		if (n->pid >= 0) {
			buf_add(&out, S(" pid="));
			buf_i64(&out, n->pid);
		}
		say_if(" op=", n->op);
		say_if(" is=", n->word);
		buf_chr(&out, '|');
	}
}

/* All records read. */
static struct str
said(void)
{
	static const char *const from[] = {" event", " object", " cancel"};
	const struct event_list *l = ev.list;
	const struct xid *x = l[EVENT_XID].p;
	const struct loss *s = l[EVENT_LOSS].p;
	const struct placement *p = l[EVENT_PLACEMENT].p;
	const struct gpu *g = l[EVENT_GPU].p;
	const struct recovery *v = l[EVENT_RECOVERY].p;
	const struct condition *c = l[EVENT_CONDITION].p;
	const struct sample *m = l[EVENT_SAMPLE].p;
	const struct verdict_line *w = l[EVENT_VERDICT].p;

	events_sort(&ev);
	out.n = 0;
	for (size_t i = 0; i < l[EVENT_XID].n; i++, x++) {
		say_event("xid", &x->e);
		say_gpu(x->gpu);
		buf_chr(&out, ' ');
		buf_u64(&out, x->code);
		flag(x->nvswitch, " sxid");
		flag(x->fatal, " fatal");
		flag(x->detail, " detail");
		flag(x->code_implied, " bare");
		flag(x->recovered, " none");
		say_if(" e=", x->e.uid);
		say_if(" b=", x->boot);
		say_if(" u=", x->uuid);
		flag(more && x->nonfatal, " nonfatal");
		flag(more && x->concluded, " concluded");
		say_quoted(x->text);
	}
	for (size_t i = 0; i < l[EVENT_LOSS].n; i++, s++) {
		say_event("loss", &s->e);
		say_pod(s->ns, s->name, s->pod_uid);
		say_if(" ", s->reason);
		buf_add(&out, str_of(from[s->from]));
		say_if(" e=", s->e.uid);
		flag(s->source == EVICTION_BY_OTHER, " foreign");
		flag(more && s->source == EVICTION_BY_UNKNOWN, " unsourced");
		say_if(" by=", more ? s->requested_by : 0);
		say_time(" started=", s->started);
		say_if(" o=", s->offenders);
		say_quoted(s->note);
	}
	for (size_t i = 0; i < l[EVENT_PLACEMENT].n; i++, p++) {
		say_event("place", &p->e);
		say_pod(p->ns, p->name, p->e.uid);
		say_time(" created=", p->created);
		say_time(" ready=", p->ready);
		flag(more && p->daemonset, " daemonset");
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_GPU].n; i++, g++) {
		say_event("gpu", &g->e);
		say_gpu(g->gpu);
		buf_chr(&out, ' ');
		say_text(idx_at(&ev.names, g->uuid));
		if (g->index >= 0) {
			buf_chr(&out, ' ');
			buf_i64(&out, g->index);
		}
		flag(more && g->kernel, " kernel");
		flag(more && g->scraped, " scraped");
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_SAMPLE].n; i++, m++) {
		say_event("sample", &m->e);
		say_gpu(m->gpu);
		buf_chr(&out, ' ');
		say_text(idx_at(&ev.names, m->uuid));
		buf_chr(&out, ' ');
		buf_i64(&out, m->index);
		buf_chr(&out, ' ');
		buf_u64(&out, m->field);
		buf_chr(&out, ' ');
		buf_fixed(&out, m->value, metric_of(m->field)->digits);
		flag(m->delta, " delta");
		if (m->start != NO_TIME) {
			buf_add(&out, S(" from="));
			time_put(&out, m->start);
		}
		if (m->e.uid) {
			buf_add(&out, S(" mig="));
			say_text(idx_at(&ev.names, m->e.uid));
		}
		flag(more && m->scraped, " scraped");
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_RECOVERY].n; i++, v++) {
		say_event("recovery", &v->e);
		say_gpu(v->gpu);
		buf_chr(&out, ' ');
		say_text(idx_at(&ev.names, v->uuid));
		flag(v->reboot, " reboot");
		flag(v->reboot == 2, " started");
		say_if(" b=", v->boot);
		buf_chr(&out, '|');
	}
	for (size_t i = 0; i < l[EVENT_CONDITION].n; i++, c++) {
		say_event("condition", &c->e);
		buf_add(&out, pressure_name(c->pressure));
		flag(true, c->on ? " on" : " off");
		say_if(" ", c->reason);
		say_if(" e=", c->e.uid);
		say_time(" last=", c->last);
		flag(more && c->taint, " taint");
		say_quoted(c->note);
	}
	for (size_t i = 0; i < l[EVENT_VERDICT].n; i++, w++) {
		say_event("verdict", &w->e);
		say_text(idx_at(&ev.names, w->line));
		buf_chr(&out, '|');
	}
	if (more)
		say_more();
	return buf_str(&out);
}

static void
start(void)
{
	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
}

/* Does it pass the screen of a filter that wants all kinds? */
static bool
screened(struct str s)
{
	struct str word[2 * SIFT_WORDS];
	size_t n = dialect_words(~0u, word, NELEM(word));

	for (size_t i = 0; i < n; i++)
		if (str_has(s, word[i]))
			return true;
	return str_has(s, S("\\u00"));
}

static void
run(struct reader *r, const struct row *row, size_t n)
{
	struct buf b = {0};
	struct str text;
	uint64_t at;

	for (size_t i = 0; i < n; i++) {
		text = json(row[i].text);
		CHECK_ROW(i, !json_check(text, &at));
		start();
		reader_value_text(r, text);
		CHECK_ROW(i, str_eq(said(), row[i].says));
		if (!str_eq(said(), row[i].says))
			printf("#  %.*s\n#  %.*s\n", (int)out.n, out.p, (int)row[i].says.n, row[i].says.p);
		/* reading it twice changes nothing */
		reader_value_text(r, text);
		CHECK_ROW(i, str_eq(said(), row[i].says));
		/* the same in a list, where only objects are read */
		start();
		b.n = 0;
		buf_add(&b, S("{\"kind\":\"List\",\"items\":[1,"));
		buf_add(&b, text);
		buf_add(&b, S(",[]]}"));
		reader_value_text(r, buf_str(&b));
		CHECK_ROW(i, str_eq(said(), row[i].says));
		CHECK_ROW(i, row[i].says.n == 0 || screened(text));
	}
	/* one after the other, without effect on the next */
	for (size_t i = 0; i < n; i++) {
		start();
		if (i)
			reader_value_text(r, json(row[i - 1].text));
		events_reset(&ev);
		reader_value_text(r, json(row[i].text));
		CHECK_ROW(i, str_eq(said(), row[i].says));
	}
	/* unwanted records are not kept */
	start();
	ev.wants = 0;
	for (size_t i = 0; i < n; i++)
		reader_value_text(r, json(row[i].text));
	CHECK(said().n == 0);
	buf_free(&b);
}

/* Lines of exposition text yield the same as their sources in JSON. */
static void
run_text(struct reader *r, const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum exposition is;

		start();
		is = exposition_read(r, json(row[i].text), false);
		CHECK_ROW(i, said().n == 0);
		CHECK_ROW(i, exposition_read(r, json(row[i].text), true) == is);
		CHECK_ROW(i, str_eq(said(), str_eq(row[i].says, S("no")) || str_eq(row[i].says, S("#")) ? S("") : row[i].says));
		if (!str_eq(said(), row[i].says) && out.n)
			printf("#  %.*s\n#  %.*s\n", (int)out.n, out.p, (int)row[i].says.n, row[i].says.p);
		CHECK_ROW(i, is == (str_eq(row[i].says, S("no")) ? EXPOSITION_NOT :
				    str_eq(row[i].says, S("#"))  ? EXPOSITION_COMMENT : EXPOSITION_SAMPLE));
	}
}

/* The records of one text. */
static struct str
once(struct reader *r, struct str text)
{
	start();
	reader_value_text(r, json(text));
	return said();
}

int
main(void)
{
	static const struct str words[] = {STR_INIT("NVRM:"), STR_INIT("Evicted"), STR_INIT("kernelevents.xid")};
	static struct sift screen;
	struct reader r = {.ev = &ev, .boot_time = NO_TIME, .scrape_time = NO_TIME};
	struct buf b = {0};

	TEST("flat records");
	run(&r, flat, NELEM(flat));

	TEST("journald");
	run(&r, journald, NELEM(journald));

	TEST("dmesg");
	run(&r, dmesg, NELEM(dmesg));

	TEST("dmesg with the time of boot");
	r.boot_time = T0;
	run(&r, dated, NELEM(dated));
	r.boot_time = NO_TIME;

	TEST("records since boot without a time are counted");
	for (int dates = 0; dates < 2; dates++) {
		r.boot_time = dates ? T0 : NO_TIME;
		ev.since_boot = 0;
		once(&r, S("{'pri':4,'time':8.0,'msg':'" X79 "\\n" X48 "'}"));
		CHECK_ROW(dates, ev.since_boot == (dates ? 0 : 2));
		once(&r, S("{'pri':4,'time':8.0,'msg':'other'}"));
		once(&r, S("{'pri':4,'time':'+0.000003','msg':'" X79 "'}"));
		once(&r, S("{'date':1772600767.0,'priority':4,'sequence':17,'sec':8,'usec':500000,'msg':'" X79 "'}"));
		CHECK_ROW(dates, ev.since_boot == (dates ? 0 : 2));
	}
	r.boot_time = NO_TIME;

	TEST("Kubernetes");
	run(&r, kubernetes, NELEM(kubernetes));

	TEST("Events: which members decide what");
	run(&r, events, NELEM(events));

	TEST("where a line is from");
	run(&r, around, NELEM(around));

	TEST("tables");
	run(&r, tables, NELEM(tables));
	TEST("the names of a table's columns among up to 64 members");
	for (int members = 62; members < 67; members++) {
		b.n = 0;
		buf_add(&b, S("{\"host\":\"gpu-9\""));
		for (int i = 3; i < members; i++) {
			buf_add(&b, S(",\"p"));
			buf_u64(&b, (unsigned)i);
			buf_add(&b, S("\":0"));
		}
		buf_add(&b, S(",\"columns\":[\"host\",\"message\"],\"rows\":[[\"gpu-7\",\"" X79 "\"]]}"));
		start();
		reader_value_text(&r, buf_str(&b));
		CHECK_ROW(members, str_eq(said(), members <= 64 ? S(XID79("-", "gpu-7")) : S(XID79("-", "gpu-9"))));
	}
	TEST("a table of mostly names, whose rows as objects would be much larger than it");
	for (int rows = 20; rows <= 40; rows += 20) {
		b.n = 0;
		buf_add(&b, S("{\"columns\":[\"host\",\"message\",\""));
		for (int i = 0; i < 10000; i++)
			buf_chr(&b, 'x');
		buf_add(&b, S("\"],\"rows\":["));
		for (int i = 0; i < rows; i++)
			buf_add(&b, i ? S(",[\"gpu-7\",\"" X79 "\",0]") : S("[\"gpu-7\",\"" X79 "\",0]"));
		buf_add(&b, S("]}"));
		start();
		reader_value_text(&r, buf_str(&b));
		CHECK_ROW(rows, str_eq(said(), rows == 20 ? S(XID79("-", "gpu-7")) : S(XID79("-", "-"))));
	}

	more = true;
	TEST("the pod, the job and the rank that wrote a line");
	run(&r, writers, NELEM(writers));
	TEST("the same for a filter that wants nothing else");
	for (size_t i = 0; i < NELEM(writers); i++) {
		start();
		ev.wants = 1u << EVENT_WATCHDOG;
		reader_value_text(&r, json(writers[i].text));
		CHECK_ROW(i, str_eq(said(), writers[i].says));
	}
	TEST("ranks of NCCL, cycles, writers in OTLP and Datadog");
	run(&r, ranks, NELEM(ranks));
	TEST("audit records of evictions");
	run(&r, audits, NELEM(audits));
	TEST("pods and their jobs");
	run(&r, jobs, NELEM(jobs));
	TEST("nodes");
	run(&r, nodes, NELEM(nodes));
	TEST("reports of PCIe errors and throughput");
	run(&r, aers, NELEM(aers));
	more = false;

	TEST("Datadog");
	run(&r, datadog, NELEM(datadog));

	TEST("OTLP");
	run(&r, otlp, NELEM(otlp));

	TEST("measurements");
	run(&r, measurements, NELEM(measurements));

	TEST("measurements of other tools");
	run(&r, tools, NELEM(tools));
	TEST("remarks on measurements that say too little");
	for (size_t i = 0; i < NELEM(remarks); i++)
		for (int xids = 0; xids < 2; xids++) {
			struct str says = xids ? remarks[i].xids : remarks[i].samples;

			start();
			ev.wants = xids ? 1u << EVENT_XID : 1u << EVENT_SAMPLE;
			reader_value_text(&r, json(remarks[i].text));
			CHECK_ROW(i, says.n ? str_starts(r.remark, says) : !r.remark.n);
		}
	TEST("a failed query concerns filters of measurements");
	for (int samples = 0; samples < 2; samples++) {
		start();
		ev.wants = samples ? 1u << EVENT_SAMPLE : 1u << EVENT_XID;
		reader_value_text(&r, json(S("{'status':'error','errorType':'x','error':'y'}")));
		CHECK_ROW(samples, !!r.why == samples);
	}

	TEST("measurements that are not used");
	run(&r, useless, NELEM(useless));
	TEST("verdict lines");
	run(&r, verdicts, NELEM(verdicts));

	TEST("measurements at scrape time");
	r.scrape_time = T0;
	run(&r, scraped, NELEM(scraped));
	run_text(&r, scraped_text, NELEM(scraped_text));
	r.scrape_time = NO_TIME;

	TEST("exposition text");
	run_text(&r, exposition, NELEM(exposition));

	TEST("envelopes");
	run(&r, envelope, NELEM(envelope));

	TEST("JSON in strings");
	sift_init(&screen, words, NELEM(words));
	r.screen = &screen;
	run(&r, inner, NELEM(inner));
	run(&r, envelope, NELEM(envelope));
	run(&r, otlp, NELEM(otlp));
	r.screen = NULL;

	TEST("other reasons");
	r.ev->reasons = S("BackOff,Failed,PreemptionByScheduler");
	CHECK(once(&r, S(EV("BackOff", "x", HOST "," ONCE))).n > 0 && ev.list[EVENT_LOSS].n == 1);
	once(&r, S(EVICTED));
	CHECK(ev.list[EVENT_LOSS].n == 0);
	once(&r, S(POD("'phase':'Failed','reason':'Evicted'")));
	CHECK(ev.list[EVENT_LOSS].n == 0);
	once(&r, S(POD("'phase':'Running','conditions':[{'type':'DisruptionTarget','status':'True','reason':'PreemptionByScheduler'}]")));
	CHECK(ev.list[EVENT_LOSS].n == 1);
	once(&r, S(POD("'phase':'Running','conditions':[{'type':'DisruptionTarget','status':'True','reason':'EvictionByEvictionAPI'}]")));
	CHECK(ev.list[EVENT_LOSS].n == 0);
	once(&r, S("{'k8s.event.reason':'Failed','k8s.pod.name':'train-0'}"));
	CHECK(ev.list[EVENT_LOSS].n == 1);
	r.ev->reasons = S("DisruptionTarget");
	once(&r, S(POD("'phase':'Running','conditions':[{'type':'DisruptionTarget','status':'True','reason':'EvictionByEvictionAPI'}]")));
	CHECK(ev.list[EVENT_LOSS].n == 1);
	r.ev->reasons = (struct str){0};

	TEST("the text of an Event in a record around it, wherever that is, of up to 1024 tokens");
	for (int row = 0; row < 4; row++) {
		int pad = row == 0 ? 1100 : row == 1 ? 10 : 0, first = row == 0;

		do { /* rows 2 and 3: padded to 1024 and 1025 tokens */
			b.n = 0;
			buf_chr(&b, '[');
			for (int i = 0; first && i < pad; i++)
				buf_add(&b, S("0,"));
			buf_add(&b, S("{\"message\":\"low\",\"kubernetes\":{\"event\":{\"metadata\":{\"uid\":\"e1\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"ml\","
				"\"name\":\"train-0\",\"uid\":\"p1\"},\"reason\":\"Evicted\",\"source\":{\"host\":\"gpu-7\"},\"lastTimestamp\":\"" TS "\"}},\"pad\":[1"));
			for (int i = 0; !first && i < pad; i++)
				buf_add(&b, S(",0"));
			buf_add(&b, S("]}]"));
			start();
			reader_value_text(&r, buf_str(&b));
			pad++;
		} while (row > 1 && json_after(&r.json, 0) - 1 < 1022 + row);
		CHECK_ROW(row, str_eq(said(), row < 3 ? S(LOST) : S("loss " TS " gpu-7 ml/train-0 p1 Evicted event e=e1 ''|place " TS " gpu-7 ml/train-0 p1|")));
	}

	TEST("texts are cut to 1024 bytes, at the end of a character");
	for (size_t lead = 0; lead < 4; lead++) {
		struct str text;

		b.n = 0;
		buf_add(&b, S("{\"kernelevents.xid\":79,\"kernelevents.message\":\""));
		buf_add(&b, str_head(S("abc"), lead));
		for (int i = 0; i < 400; i++)
			buf_add(&b, S("\xe2\x82\xac"));
		buf_add(&b, S("\"}"));
		start();
		reader_value_text(&r, buf_str(&b));
		CHECK_ROW(lead, ev.list[EVENT_XID].n == 1);
		text = idx_at(&ev.names, ((struct xid *)ev.list[EVENT_XID].p)->text);
		/* lead + 3k bytes, at most 1024 */
		CHECK_ROW(lead, text.n == lead + (1024 - lead) / 3 * 3);
		CHECK_ROW(lead, str_ends(text, S("\xe2\x82\xac")));
	}

	TEST("512 levels of any kind");
	b.n = 0;
	for (int i = 0; i < 511; i++)
		buf_chr(&b, '[');
	buf_add(&b, S("{\"log\":\"" X79 "\"}"));
	for (int i = 0; i < 511; i++)
		buf_chr(&b, ']');
	start();
	reader_value_text(&r, buf_str(&b));
	CHECK(ev.list[EVENT_XID].n == 1);
	b.n = 0;
	for (int i = 0; i < 255; i++)
		buf_add(&b, S("{\"items\":["));
	buf_add(&b, S("{\"log\":\"" X79 "\"}"));
	for (int i = 0; i < 255; i++)
		buf_add(&b, S("]}"));
	start();
	reader_value_text(&r, buf_str(&b));
	CHECK(ev.list[EVENT_XID].n == 1);
	b.n = 0;
	for (int i = 0; i < 511; i++)
		buf_add(&b, S("{\"a\":"));
	buf_add(&b, S("[\"" X79 "\"]"));
	for (int i = 0; i < 511; i++)
		buf_add(&b, S("}"));
	start();
	reader_value_text(&r, buf_str(&b));
	CHECK(ev.list[EVENT_XID].n == 1);

	TEST("a list of 20,000 elements");
	b.n = 0;
	buf_add(&b, S("{\"items\":["));
	for (unsigned i = 0; i < 20000; i++) {
		buf_add(&b, i ? S(",{\"kernelevents.xid\":79,\"time\":") : S("{\"kernelevents.xid\":79,\"time\":"));
		buf_u64(&b, i);
		buf_chr(&b, '}');
	}
	buf_add(&b, S("]}"));
	start();
	reader_value_text(&r, buf_str(&b));
	events_sort(&ev);
	CHECK(ev.list[EVENT_XID].n == 20000);

	reader_free(&r);
	events_free(&ev);
	buf_free(&out);
	buf_free(&b);
	mem_free(&mem);
	return test_done();
}
