"""The incidents under testdata/incidents that are too large to write by hand.

    python3 test/incidents.py [DIR]           write them (default: testdata/incidents)
    python3 test/incidents.py --check [DIR]   compare instead; prints TAP

There is one function per incident, listed in INCIDENTS; it returns the files:
name to text, or bytes.  Everything comes from a generator with a fixed seed, so
that the bytes are the same everywhere.  The functions use: Fleet, the GPUs of
some nodes and their samples in every minute; prometheus(), which writes these
as answers of Prometheus' query_range; and Journal, the output of journalctl -k
-o json for those nodes.
"""
import json
import os
import sys
from datetime import datetime, timedelta, timezone

START = datetime(2026, 5, 14, 2, 0, 0, tzinfo=timezone.utc)
STEP = 60
MINUTES = 60

MASK = "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS"
VIOLATION = "DCGM_FI_DEV_THERMAL_VIOLATION"
TEMP = "DCGM_FI_DEV_GPU_TEMP"
CLOCK = "DCGM_FI_DEV_SM_CLOCK"
CLOCK_MAX = "DCGM_FI_DEV_MAX_SM_CLOCK"
IDLE, POWER_CAP, SW_THERMAL, HW_THERMAL = 0x1, 0x4, 0x20, 0x48
NOT_SUPPORTED = 9223372036854775794
BUSES = (0x18, 0x2A, 0x3A, 0x5D, 0x9A, 0xAB, 0xBA, 0xDB)


class Rng:
    """xorshift64*: python's own generators may change between versions."""

    def __init__(self, seed):
        self.x = seed * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF or 1
        for _ in range(8):
            self.below(2)

    def below(self, n):
        self.x ^= self.x >> 12
        self.x ^= self.x << 25 & 0xFFFFFFFFFFFFFFFF
        self.x ^= self.x >> 27
        return ((self.x * 0x2545F4914F6CDD1D & 0xFFFFFFFFFFFFFFFF) >> 33) % n

    def near(self, middle, spread):
        return middle - spread + self.below(2 * spread + 1)


def stamp(minute, second=0):
    return int(START.timestamp()) + minute * STEP + second


def rfc3339(minute, second=0):
    return (START + timedelta(minutes=minute, seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(value):
    return json.dumps(value, separators=(",", ":")) + "\n"


class Gpu:
    """value[field][minute]; None is a missing sample."""

    def __init__(self, rng, node, index):
        self.node, self.index = node, index
        self.uuid = "GPU-%08x-%04x-%04x-%04x-%012x" % (
            rng.below(1 << 31), rng.below(1 << 16), rng.below(1 << 16), rng.below(1 << 16), rng.below(1 << 31))
        self.pod = ""
        self.value = {}

    @property
    def pci(self):
        return "0000:%02x:00" % BUSES[self.index]

    def set(self, field, *steps):
        """The value from each minute on, up to the next: (0, 3), (18, 4)."""
        row = self.value.setdefault(field, [None] * MINUTES)
        for (first, value), (last, _) in zip(steps, steps[1:] + ((MINUTES, None),)):
            row[first:last] = [value] * (last - first)

    def labels(self, field):
        labels = {
            "__name__": field, "Hostname": self.node, "UUID": self.uuid, "device": f"nvidia{self.index}",
            "gpu": str(self.index), "modelName": "NVIDIA H100 80GB HBM3",
            "pci_bus_id": "00000000:%02X:00.0" % BUSES[self.index],
        }
        if self.pod:
            labels.update(container="trainer", namespace="train", pod=self.pod)
        return labels


class Fleet:
    """Nodes of eight GPUs that train for an hour, except on idle nodes."""

    def __init__(self, seed, nodes, prefix="dgx-b", idle=()):
        self.rng = Rng(seed)
        self.nodes = [f"{prefix}{i + 1:02d}" for i in range(nodes)]
        self.gpus = [Gpu(self.rng, node, i) for node in self.nodes for i in range(8)]
        for gpu in self.gpus:
            node = self.nodes.index(gpu.node) + 1
            self.train(gpu) if node not in idle else self.rest(gpu)

    def at(self, node, index):
        return self.gpus[(node - 1) * 8 + index]

    def train(self, gpu):
        gpu.pod = f"llm-7b-worker-{self.nodes.index(gpu.node)}"
        base = self.rng.below(40) * 1000
        gpu.value = {
            MASK: [POWER_CAP if self.rng.below(3) == 0 else 0 for _ in range(MINUTES)],
            VIOLATION: [base] * MINUTES,
            TEMP: [self.rng.near(66, 3) for _ in range(MINUTES)],
            CLOCK: [1755 + 15 * self.rng.below(3) for _ in range(MINUTES)],
        }

    def rest(self, gpu):
        gpu.value = {
            MASK: [IDLE] * MINUTES,
            VIOLATION: [0] * MINUTES,
            TEMP: [self.rng.near(34, 1) for _ in range(MINUTES)],
            CLOCK: [345] * MINUTES,
        }

    def heat(self, gpu, first, last, mask, clock, temp, share=0.9):
        """Hot in every sample from first to last minute."""
        total = gpu.value[VIOLATION][0]
        for minute in range(first, MINUTES):
            if minute <= last:
                gpu.value[MASK][minute] = mask | (gpu.value[MASK][minute] & POWER_CAP)
                gpu.value[TEMP][minute] = self.rng.near(temp, 2)
                gpu.value[CLOCK][minute] = self.rng.near(clock // 15, 2) * 15
                if minute > first:
                    total += int(STEP * share) * 1000000000 + self.rng.below(1000000)
            gpu.value[VIOLATION][minute] = total

    def noise(self, spare):
        """Samples that are not thermal throttling, on nodes other than spare."""
        rng = self.rng
        quiet = [g for g in self.gpus if g.node not in spare and g.pod]
        for _ in range(12):  # one hot sample, an insignificant increase
            gpu = quiet[rng.below(len(quiet))]
            minute = 1 + 3 * rng.below(MINUTES // 3 - 1)
            gpu.value[MASK][minute] = SW_THERMAL
            for m in range(minute + 1, MINUTES):
                gpu.value[VIOLATION][m] += 2000000000
        capped = quiet[rng.below(len(quiet))]
        capped.value[MASK] = [POWER_CAP] * MINUTES
        reset = quiet[rng.below(len(quiet))]
        reset.value[VIOLATION] = [7200000000000] * 31 + [0] * (MINUTES - 31)
        quiet[rng.below(len(quiet))].value[TEMP][rng.below(MINUTES)] = "NaN"
        quiet[rng.below(len(quiet))].value[MASK][rng.below(MINUTES)] = NOT_SUPPORTED
        gone = quiet[rng.below(len(quiet))]
        for minute in range(40, 45):
            for field in gone.value:
                gone.value[field][minute] = None


def answer(kind, result):
    return {"status": "success", "data": {"resultType": kind, "result": result}}


def matrix(gpus, field):
    result = []
    for gpu in gpus:
        values = [[stamp(m), str(v)] for m, v in enumerate(gpu.value.get(field, ())) if v is not None]
        if values:
            result.append({"metric": gpu.labels(field), "values": values})
    return compact(answer("matrix", result))


def one_answer(fleet, fields, every):
    """One query for all fields, one sample per `step` minutes; one series per line, as
    saved by an operator."""
    series = [
        compact({"metric": gpu.labels(field), "values": [
            [stamp(m), str(v)] for m, v in enumerate(gpu.value[field]) if v is not None and m % every == 0]})
        for field in fields for gpu in fleet.gpus if field in gpu.value]
    head, tail = compact(answer("matrix", [])).split("[]")
    return head + "[\n" + ",".join(series) + "]" + tail


def prometheus(fleet, fields, by_node=False):
    """One answer of query_range per line: for each field, and with by_node for each
    node."""
    groups = [[gpu for gpu in fleet.gpus if gpu.node == node] for node in fleet.nodes] if by_node else [fleet.gpus]
    return "".join(matrix(gpus, field) for field in fields for gpus in groups)


def instant(fleet, field, value, minute=MINUTES - 1, pretty=False):
    """The answer of a query for one time."""
    result = answer("vector", [
        {"metric": gpu.labels(field), "value": [stamp(minute), str(value)]} for gpu in fleet.gpus])
    return json.dumps(result, indent=2) + "\n" if pretty else compact(result)


HEAT = (MASK, VIOLATION, TEMP, CLOCK)


# ---- kernel journals ----


class Journal:
    """The output of journalctl -k -o json, node after node."""

    TALK = (
        "EXT4-fs (nvme0n1p2): re-mounted. Opts: (null). Quota mode: none.",
        "docker0: port 3(veth1a2b) entered disabled state",
        "perf: interrupt took too long (2507 > 2500), lowering kernel.perf_event_max_sample_rate to 79750",
        "mlx5_core 0000:17:00.0: mlx5_pcie_event:301: Detected insufficient power on the PCIe slot (26W).",
        "TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.",
        "nvidia-nvlink: Nvlink Core is being initialized, major device number 511",
        "audit: type=1400 apparmor=\"STATUS\" operation=\"profile_load\" name=\"cri-containerd\"",
        "nvme nvme2: I/O 448 QID 12 timeout, completion polled",
    )

    def __init__(self, fleet):
        self.fleet, self.rng = fleet, fleet.rng
        self.lines = []
        self.boots = []

    def add(self, node, when, message, **members):
        """when: minute, second and, if need be, microsecond."""
        minute, second, micro = (*when, 0)[:3]
        self.lines.append((node, stamp(minute, second) * 1000000 + micro, len(self.lines), message, members))

    def xid(self, gpu, when, code, text):
        node = self.fleet.nodes.index(gpu.node) + 1
        self.add(node, when, f"NVRM: Xid (PCI:{gpu.pci}): {code}, {text}", PRIORITY="4")

    def quote(self, node, when, text):
        """A line of another program that resembles a kernel line."""
        self.add(node, when, text, _TRANSPORT="stdout", SYSLOG_IDENTIFIER="python3", PRIORITY="6")

    def reset(self, gpu, when):
        node = self.fleet.nodes.index(gpu.node) + 1
        self.add(node, when, f"GPU reset executed: {gpu.uuid}", _TRANSPORT="journal", SYSLOG_IDENTIFIER="gpu-reset")

    def load(self, node, when):
        self.add(node, when, "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.124.06", PRIORITY="5")

    def reboot(self, node, when):
        """The next line is the first one of a new boot."""
        self.boots.append((node, stamp(*when) * 1000000))
        self.add(node, when, "Linux version 6.8.0-60-generic (builder@ci) #63 SMP PREEMPT_DYNAMIC")
        self.load(node, (when[0], when[1] + 19, 88123))

    def aer(self, node, when, device, bit, port=None, driver="nvidia", severity="Correctable", ids="10de:2330"):
        """The four lines of a report; a port reports itself or another device."""
        bits = {
            "RxErr": (0, "Physical Layer", "Receiver ID"), "BadTLP": (6, "Data Link Layer", "Receiver ID"),
            "BadDLLP": (7, "Data Link Layer", "Receiver ID"), "Rollover": (8, "Data Link Layer", "Transmitter ID"),
            "Timeout": (12, "Data Link Layer", "Transmitter ID"), "CmpltTO": (14, "Transaction Layer", "Requester ID"),
        }
        number, layer, role = bits[bit]
        word = {"Correctable": "Correctable error", "Uncorrectable (Non-Fatal)": "Uncorrectable (Non-Fatal) error"}
        port = port or device
        at = (when[0], when[1], 300 + self.rng.below(400))
        for shift, who, name, text in (
            (0, port, "pcieport", f" AER: {word[severity]} message received from {device}"),
            (9, device, driver, f" PCIe Bus Error: severity={severity}, type={layer}, ({role})"),
            (11, device, driver, f"   device [{ids}] error status/mask={1 << number:08x}/0000a000"),
            (12, device, driver, f"    [{number:2}] {bit:<22}"),
        ):
            self.add(node, (*at[:2], at[2] + shift), f"{name} {who}:{text}", PRIORITY="6" if shift == 0 else "4",
                _KERNEL_SUBSYSTEM="pci", _KERNEL_DEVICE=f"+pci:{who}")

    def talk(self, count):
        """Irrelevant lines of a kernel."""
        for _ in range(count):
            when = self.rng.below(MINUTES), self.rng.below(60), self.rng.below(1000000)
            node = 1 + self.rng.below(len(self.fleet.nodes))
            if self.rng.below(8) == 0:
                gpu = self.fleet.at(node, self.rng.below(8))
                self.add(node, when, f"NVRM: GPU at PCI:{gpu.pci}: {gpu.uuid}")
            else:
                self.add(node, when, self.TALK[self.rng.below(len(self.TALK))])

    def applications(self, count, spare=()):
        """Programs with errors of their own: Xid 31 or 13, then 43, on nodes other than
        spare."""
        nodes = [i + 1 for i in range(len(self.fleet.nodes)) if i + 1 not in spare]
        for _ in range(count):
            gpu = self.fleet.at(nodes[self.rng.below(len(nodes))], self.rng.below(8))
            minute, second, micro = self.rng.below(MINUTES), self.rng.below(58), self.rng.below(1000000)
            who = f"pid={20000 + self.rng.below(60000)}, name=python3"
            if self.rng.below(2):
                self.xid(gpu, (minute, second, micro), 31, who + ", Ch 0000001b, intr 00000000. MMU Fault: ENGINE GRAPHICS"
                    " GPC2 GPCCLIENT_T1_3 faulted @ 0x7f31_5a000000. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ")
            else:
                self.xid(gpu, (minute, second, micro), 13, who + ", Graphics SM Warp Exception on (GPC 3, TPC 1, SM 0):"
                    " Out Of Range Address")
            self.xid(gpu, (minute, second + 1, micro), 43, who + ", channel 0x0000001b")

    def corrected(self, count):
        """PCIe errors of a network card and a disk."""
        for _ in range(count):
            node, when = 1 + self.rng.below(len(self.fleet.nodes)), (self.rng.below(MINUTES), self.rng.below(60))
            if self.rng.below(2):
                self.aer(node, when, "0000:5e:00.0", "RxErr", "0000:5a:01.0", "mlx5_core", ids="15b3:1021")
            else:
                self.aer(node, when, "0000:81:00.0", "BadTLP", "0000:80:03.0", "nvme", ids="144d:a80a")

    def text(self):
        text, boot, count = "", {}, 0x4A11
        for node, micros, _, message, members in sorted(self.lines, key=lambda line: line[:3]):
            if (node, micros) in self.boots:
                boot[node] = 0x100
            number = "%032x" % (0xB0070000 + node + boot.get(node, 0))
            count += 1 + self.rng.below(3)
            text += compact({
                "__CURSOR": f"s={0x7C1D00 + node:x};i={count:x};b={number};t={micros:x}",
                "__REALTIME_TIMESTAMP": str(micros), "_BOOT_ID": number, "_HOSTNAME": self.fleet.nodes[node - 1],
                "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel", "PRIORITY": "6", **members, "MESSAGE": message,
            })
        return text


# ---- thermal ----


def thermal_gpu():
    """One GPU of dgx-b03 is hot from 02:17 to 02:41."""
    fleet = Fleet(4101, 8, idle=(7,))
    fleet.noise(spare=("dgx-b03",))
    fleet.heat(fleet.at(3, 5), 17, 41, HW_THERMAL, clock=1110, temp=91)
    return {"metrics.json": prometheus(fleet, HEAT)}


def thermal_node():
    """Six of the eight GPUs of dgx-b06 are hot from 02:20 to the end."""
    fleet = Fleet(4102, 8, idle=(2,))
    fleet.noise(spare=("dgx-b06",))
    for i in range(6):
        fleet.heat(fleet.at(6, i), 20 + i % 3, MINUTES, SW_THERMAL, clock=1380, temp=86)
    return {
        "metrics.json": prometheus(fleet, HEAT, by_node=True),
        "limits.json": instant(fleet, CLOCK_MAX, 1980, pretty=True),
    }


def thermal_room():
    """dgx-b02 to dgx-b05 are hot together between 02:10 and 02:48, after a GPU of
    dgx-b08 was hot alone."""
    fleet = Fleet(4103, 8, idle=(1,))
    fleet.noise(spare=("dgx-b02", "dgx-b03", "dgx-b04", "dgx-b05", "dgx-b08"))
    for node in range(2, 6):
        for i in range(8):
            fleet.heat(fleet.at(node, i), 8 + node + i % 2, 44 + node - 1, SW_THERMAL, clock=1290, temp=87)
    fleet.heat(fleet.at(8, 2), 3, 7, HW_THERMAL, clock=1005, temp=92)
    return {"metrics.json": prometheus(fleet, HEAT), "limits.json": instant(fleet, CLOCK_MAX, 1980)}


# ---- memory ----

SBE, DBE = "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"
ROWS_BAD, ROWS_WORN = "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS"
PENDING, FAILURE = "DCGM_FI_DEV_ROW_REMAP_PENDING", "DCGM_FI_DEV_ROW_REMAP_FAILURE"
MEMORY = (DBE, SBE, ROWS_BAD, ROWS_WORN, PENDING, FAILURE)


def exposition(gpus, fields, minute):
    """The response of dcgm-exporter in that minute."""
    text = ""
    for field, words in fields:
        text += f"# HELP {field} {words}\n# TYPE {field} {'gauge' if field == PENDING else 'counter'}\n"
        for gpu in gpus:
            labels = gpu.labels(field)
            del labels["__name__"]
            text += field + "{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + f"}} {gpu.value[field][minute]}\n"
    return text


def hbm():
    """The memory of a GPU of dgx-b07 fails at 02:17:40, 20 s before the sample that
    shows it, and of one of dgx-b02 permanently at 02:41:05."""
    fleet = Fleet(4104, 8, idle=(5,))
    journal, rng = Journal(fleet), fleet.rng
    for gpu in fleet.gpus:
        count = rng.below(20)
        gpu.set(DBE, (0, 0))
        gpu.set(SBE, (0, count), (1 + rng.below(MINUTES - 1), count + rng.below(8) // 6))
        gpu.set(ROWS_BAD, (0, rng.below(2)))
        gpu.set(ROWS_WORN, (0, rng.below(3)))
        gpu.set(PENDING, (0, 0))
        gpu.set(FAILURE, (0, 0))

    bad, who = fleet.at(7, 4), "pid=48112, name=python3, "
    bad.set(DBE, (0, 0), (18, 2), (36, 0))
    bad.set(ROWS_BAD, (0, 3), (18, 4))
    bad.set(ROWS_WORN, (0, 0))
    bad.set(PENDING, (0, 0), (18, 1), (36, 0))
    journal.add(7, (17, 40), f"NVRM: GPU at PCI:{bad.pci}: {bad.uuid}")
    journal.xid(bad, (17, 40), 48, who + "An uncorrectable double bit error (DBE) has been detected on GPU in the framebuffer"
        " at physAddr 0x0000000c41f28a00 partition 5, subpartition 1.")
    journal.xid(bad, (17, 40, 214), 63, who + "Row Remapper: New row (0x000000000062a1f0) marked for remapping,"
        " reset gpu to activate.")
    journal.xid(bad, (17, 40, 377), 94, who + "Contained: CE User Channel (0x9). RST: No, D-RST: No")
    journal.xid(bad, (17, 40, 1902), 154, "GPU recovery action changed from 0x0 (None) to 0x4 (Drain and Reset)")
    for channel in range(2, 8):
        journal.xid(bad, (17, 41, channel * 137), 45, who + f"channel 0x{channel:08x}")
    journal.reset(bad, (35, 10))

    lost, who = fleet.at(2, 2), "pid=7719, name=python3, "
    lost.set(DBE, (0, 0), (42, 1))
    lost.set(ROWS_BAD, (0, 8))
    lost.set(ROWS_WORN, (0, 0))
    lost.set(FAILURE, (0, 0), (42, 1))
    journal.xid(lost, (41, 5, 250000), 95, who + "Uncontained: FBHUB (0x0). RST: Yes, D-RST: No")
    journal.xid(lost, (41, 5, 250180), 64, who + "Row Remapper: failed to remap row 0x0000000000114c20")
    journal.xid(lost, (41, 5, 252011), 154, "GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)")

    # Not failures: rows remapped because of corrected errors, ...
    for gpu, when in ((fleet.at(7, 0), (25, 12)), (fleet.at(3, 6), (25, 30))):
        gpu.set(SBE, *((m, 40 + 12 * m) for m in range(MINUTES)))
        gpu.set(ROWS_WORN, (0, 0), (26, 1))
        gpu.set(PENDING, (0, 0), (26, 1))
        journal.xid(gpu, when, 63, "pid=1, name=nvidia-persiste, Row Remapper: New row (0x0000000000114c20) marked"
            " for remapping, reset gpu to activate.")
    # ... a counter without a kernel line, while a program quotes one,
    fleet.at(6, 6).set(DBE, (0, 0), (26, 1))
    journal.quote(6, (25, 50), f"watchdog: NVRM: Xid (PCI:{fleet.at(6, 6).pci}): 48, quoted from ticket 5513")
    # ... counters that a driver load reset,
    fleet.at(1, 3).set(DBE, (0, 1), (50, 0))
    for index in range(8):
        fleet.at(1, index).set(SBE, (0, 412 + index), (50, index % 3))
    journal.load(1, (48, 3))
    # ... the same address elsewhere, and unreadable records.
    journal.xid(fleet.at(4, 4), (17, 52), 31, "pid=9921, name=python3, Ch 00000018, intr 00000000. MMU Fault: ENGINE CE2"
        " HUBCLIENT_CE1 faulted @ 0x7f4a_00000000.")
    journal.xid(fleet.at(4, 4), (17, 53), 43, "pid=9921, name=python3, channel 0x00000018")
    fleet.at(4, 1).value[DBE][22] = "NaN"
    fleet.at(8, 7).set(PENDING, (0, NOT_SUPPORTED))
    for field in MEMORY:
        fleet.at(8, 3).value[field][20:30] = [None] * 10
    journal.talk(90)
    journal.applications(10)
    journal.corrected(6)
    served = (
        (DBE, "Total number of double-bit volatile ECC errors."), (SBE, "Total number of single-bit volatile ECC errors."),
        (PENDING, "Whether remapping of rows is pending."),
    )
    return {
        "kernel.json": journal.text(),
        "dcgm.json": one_answer(fleet, MEMORY, every=2),
        "scrape.prom": exposition([gpu for gpu in fleet.gpus if gpu.node == "dgx-b07"], served, minute=30),
    }


# ---- links ----

TX, RX, REPLAY = "DCGM_FI_PROF_PCIE_TX_BYTES", "DCGM_FI_PROF_PCIE_RX_BYTES", "DCGM_FI_DEV_PCIE_REPLAY_COUNTER"
WIDTH, WIDTH_MAX = "DCGM_FI_DEV_PCIE_LINK_WIDTH", "DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH"
GEN = "DCGM_FI_DEV_PCIE_LINK_GEN"
LINKS = (TX, RX, REPLAY, WIDTH, WIDTH_MAX, GEN)


def ports(bus):
    """The ports above a GPU: root port, switch, switch's port."""
    return f"0000:{bus - 3:02x}:01.0/{bus - 2:02x}:00.0/{bus - 1:02x}:00.0/{bus:02x}:00.0"


def pcie():
    """A link of dgx-b02 reports errors from 02:10 on and loses half its lanes at
    02:13:50, until a reboot; one of dgx-b05 has replays from 02:40 on."""
    fleet = Fleet(4105, 8, idle=(7,))
    journal, rng = Journal(fleet), fleet.rng

    def move(gpu, first, last, rx, tx):
        """Megabytes per second from first to last minute."""
        for field, rate in ((RX, rx), (TX, tx)):
            for minute in range(first, last + 1):
                gpu.value[field][minute] = rng.near(rate * 1000000, rate * 50000)

    def report(gpu, when, bit):
        node = fleet.nodes.index(gpu.node) + 1
        journal.aer(node, when, f"{gpu.pci}.0", bit, ports(BUSES[gpu.index])[:12])

    for gpu in fleet.gpus:
        gpu.set(RX, (0, 0))
        gpu.set(TX, (0, 0))
        gpu.set(REPLAY, (0, rng.below(20)))
        gpu.set(WIDTH, (0, 16))
        gpu.set(WIDTH_MAX, (0, 16))
        gpu.set(GEN, (0, 5), (10, 5 if gpu.pod else 1))
        move(gpu, 0, MINUTES - 1, *((24000, 21000) if gpu.pod else (30, 20)))

    slow = fleet.at(2, 3)
    for minute, second, bit in (
            (10, 2, "BadTLP"), (10, 47, "BadTLP"), (11, 15, "BadDLLP"), (11, 40, "BadTLP"), (12, 8, "BadTLP"),
            (12, 31, "BadDLLP"), (12, 55, "BadTLP"), (13, 20, "BadTLP"), (13, 41, "BadTLP")):
        report(slow, (minute, second), bit)
    journal.aer(2, (12, 40), "0000:5a:01.0", "Timeout", driver="pcieport", ids="8086:352a")
    slow.set(WIDTH, (0, 16), (14, 8), (34, 16))
    move(slow, 14, 33, 8000, 7000)
    journal.reboot(2, (33, 20))
    for index in range(8):
        for field in LINKS:
            fleet.at(2, index).value[field][34:38] = [None] * 4

    worn = fleet.at(5, 7)
    for i in range(24):
        report(worn, (40 + (30 + 45 * i) // 60, (30 + 45 * i) % 60), "Rollover" if i % 4 == 3 else "Timeout")
    worn.set(REPLAY, *((m, 17 + 400 * max(0, m - 40)) for m in range(MINUTES)))
    move(worn, 40, MINUTES - 1, 19000, 17000)

    # Not failures: a single report at the same address elsewhere, ...
    report(fleet.at(4, 3), (12, 30), "BadTLP")
    # ... a job that ended, while a program prints a quoted line,
    move(fleet.at(6, 2), 30, MINUTES - 1, 30, 20)
    journal.quote(6, (29, 40), f"nvidia {fleet.at(6, 2).pci}.0: PCIe Bus Error: severity=Correctable,"
        " type=Data Link Layer, (Receiver ID)")
    # ... a GPU that idles like all others of its node,
    report(fleet.at(7, 0), (22, 10), "RxErr")
    # ... tolerable numbers of replays,
    for minute in (5, 20, 35, 50):
        report(fleet.at(3, 0), (minute, 11), "Timeout")
    fleet.at(3, 0).set(REPLAY, *((m, 25 * m) for m in range(MINUTES)))
    # ... a counter that a driver load reset,
    report(fleet.at(8, 1), (44, 50), "BadTLP")
    fleet.at(8, 1).set(REPLAY, (0, 340), (46, 0))
    journal.load(8, (45, 10))
    # ... other devices, and unreadable records.
    journal.aer(2, (13, 57), "0000:5e:00.0", "CmpltTO", "0000:5a:01.0", "mlx5_core", "Uncorrectable (Non-Fatal)", "15b3:1021")
    journal.corrected(8)
    fleet.at(4, 6).value[RX][12] = "NaN"
    journal.talk(90)
    journal.applications(8)
    return {
        "pcie.json": journal.text(),
        "rates.json": one_answer(fleet, LINKS, every=2),
        "topology.txt": "".join(f"{ports(bus)} 3D controller: NVIDIA Corporation Device 2330 (rev a1)\n" for bus in BUSES) +
            "0000:04:01.0/05:00.0 Bridge: NVIDIA Corporation Device 22a3 (rev a1)\n",
    }


# ---- lost pods ----


def event(uid, when, involved, reason, note, component, node=None, kind="Normal"):
    """An Event in the core/v1 format; involved: name of a pod or node."""
    namespace = "train" if involved != node else "default"
    return {
        "kind": "Event", "apiVersion": "v1",
        "metadata": {"name": f"{involved}.{uid}", "namespace": namespace, "uid": f"ev-{uid}"},
        "involvedObject": {"kind": "Pod", "namespace": "train", "name": involved, "uid": f"uid-{involved}"}
            if involved != node else {"kind": "Node", "name": node, "uid": node},
        "reason": reason, "message": note, "type": kind,
        "source": {"component": component, **({"host": node} if node and component == "kubelet" else {})},
        "firstTimestamp": when, "lastTimestamp": when, "count": 1,
    }


def events_noise(rng, nodes):
    """Events of a scheduler and kubelets in an hour without problems."""
    kinds = (
        ("Scheduled", "Successfully assigned train/{pod} to {node}", "Normal", "default-scheduler"),
        ("Pulled", "Container image \"registry.example/trainer:3\" already present on machine", "Normal", "kubelet"),
        ("Created", "Created container trainer", "Normal", "kubelet"),
        ("Started", "Started container trainer", "Normal", "kubelet"),
        ("Killing", "Stopping container trainer", "Normal", "kubelet"),
        ("BackOff", "Back-off restarting failed container sidecar in pod {pod}", "Warning", "kubelet"),
        ("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", "Warning", "kubelet"),
        ("FailedScheduling", "0/8 nodes are available: 8 Insufficient nvidia.com/gpu.", "Warning", "default-scheduler"),
    )
    events = []
    for i in range(80):
        reason, note, kind, source = kinds[rng.below(len(kinds))]
        node, pod = nodes[rng.below(len(nodes))], f"eval-{rng.below(20)}"
        when = rfc3339(rng.below(MINUTES), rng.below(60))
        events.append(event(f"{0x17A0 + i:x}", when, pod, reason, note.format(pod=pod, node=node), source, node, kind))
    return events


def xid79_fleet():
    """A GPU of dgx-c05 falls off the bus at 02:21:07 and takes down two pods; a pod of
    dgx-c03 is evicted because of its disk."""
    fleet = Fleet(4106, 8, prefix="dgx-c", idle=(7,))
    journal, rng = Journal(fleet), fleet.rng
    gone = fleet.at(5, 2)
    journal.aer(5, (21, 7), f"{gone.pci}.0", "RxErr", ports(BUSES[2])[:12])
    journal.add(5, (21, 7, 400100), f"NVRM: GPU at PCI:{gone.pci}: {gone.uuid}")
    journal.xid(gone, (21, 7, 400123), 79, "pid='<unknown>', name=<unknown>, GPU has fallen off the bus.")
    journal.add(5, (21, 7, 400140), f"NVRM: GPU {gone.pci}.0: GPU has fallen off the bus.")
    journal.xid(gone, (21, 7, 414018), 154, "GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)")
    for channel in range(2, 10):
        journal.xid(gone, (21, 8, 1863 + 137 * channel), 45, f"pid=2187734, name=python, channel 0x{channel:08x}")
    journal.reboot(5, (49, 30))
    events = events_noise(rng, fleet.nodes)

    def say(*args, **more):
        events.append(event(f"{0x1900 + len(events):x}", *args, **more))

    controller, taints = "node-controller", "taint-eviction-controller"
    say(rfc3339(21, 58), "dgx-c05", "NodeNotReady", "Node dgx-c05 status is now: NodeNotReady", controller, node="dgx-c05")
    for pod in ("llm-7b-worker-4", "eval-longctx-0"):
        say(rfc3339(14, 2), pod, "Scheduled", f"Successfully assigned train/{pod} to dgx-c05", "default-scheduler")
        say(rfc3339(14, 6), pod, "Started", "Started container trainer", "kubelet", node="dgx-c05")
        say(rfc3339(21, 58), pod, "NodeNotReady", "Node is not ready", controller, kind="Warning")
        say(rfc3339(26, 59), pod, "TaintManagerEviction", f"Marking for deletion Pod train/{pod}", taints)

    # Its own cause: a full disk; an Xid 31 ten minutes before, and a quoted
    # line just before.
    journal.xid(fleet.at(3, 2), (22, 40), 31, "pid=3313, name=python3, Ch 00000018, intr 00000000. MMU Fault: ENGINE CE2"
        " HUBCLIENT_CE1 faulted @ 0x7f4a_00000000.")
    journal.quote(3, (32, 50), f"runbook: NVRM: Xid (PCI:{gone.pci}): 79, GPU has fallen off the bus.")
    say(rfc3339(32, 20), "dgx-c03", "NodeHasDiskPressure", "Node dgx-c03 status is now: NodeHasDiskPressure", "kubelet",
        node="dgx-c03")
    say(rfc3339(32, 3), "cache-warm-2", "Started", "Started container cache", "kubelet", node="dgx-c03")
    say(rfc3339(33, 0), "cache-warm-2", "Evicted", "The node was low on resource: ephemeral-storage. Threshold quantity:"
        " 161080680435, available: 98212264Ki. Container cache was using 410204180Ki, request is 0, has larger consumption"
        " of ephemeral-storage. ", "kubelet", node="dgx-c03", kind="Warning")
    # The same address, at the same time, on a node without losses; and a
    # program that failed there.
    journal.xid(fleet.at(6, 2), (21, 20), 13, "pid=812, name=python3, Graphics SM Warp Exception on (GPC 3, TPC 1, SM 0):"
        " Out Of Range Address")
    journal.xid(fleet.at(6, 2), (21, 21), 43, "pid=812, name=python3, channel 0x0000001b")
    journal.reset(fleet.at(8, 6), (12, 30))
    journal.talk(100)
    journal.applications(6, spare=(3, 5))
    journal.corrected(5)
    events.sort(key=lambda e: (e["lastTimestamp"], e["metadata"]["uid"]))
    whole = {"apiVersion": "v1", "items": events, "kind": "List", "metadata": {"resourceVersion": ""}}
    return {"journal.json": journal.text(), "events.json": json.dumps(whole, indent=4) + "\n"}


# ---- collectives ----


def pickled(value):
    """Protocol 2, as torch writes its dumps; strings are kept and referred to."""
    kept, out = {}, [b"\x80\x02"]

    def put(v):
        if isinstance(v, bool) or v is None:
            out.append({True: b"\x88", False: b"\x89", None: b"N"}[v])
        elif isinstance(v, int):
            if 0 <= v < 256:
                out.append(b"K%c" % v)
            elif -1 << 31 <= v < 1 << 31:
                out.append(b"J" + v.to_bytes(4, "little", signed=True))
            else:
                out.append(b"\x8a\x08" + v.to_bytes(8, "little", signed=True))
        elif isinstance(v, str):
            if v in kept:
                n = kept[v]
                out.append(b"h%c" % n if n < 256 else b"j" + n.to_bytes(4, "little"))
                return
            n = kept[v] = len(kept)
            text = v.encode()
            out.append(b"X" + len(text).to_bytes(4, "little") + text)
            out.append(b"q%c" % n if n < 256 else b"r" + n.to_bytes(4, "little"))
        elif isinstance(v, dict):
            out.append(b"}(")
            for name in v:
                put(name)
                put(v[name])
            out.append(b"u")
        elif isinstance(v, tuple):
            out.append(b"(")
            for item in v:
                put(item)
            out.append(b"t")
        else:
            out.append(b"](")
            for item in v:
                put(item)
            out.append(b"e")

    put(value)
    return b"".join(out) + b"."


def frames(inner, line):
    return [
        {"name": "all_reduce", "filename": "/opt/train/comm.py", "line": 88},
        {"name": inner, "filename": "/opt/train/model.py", "line": line},
        {"name": "step", "filename": "/opt/train/loop.py", "line": 61},
    ]


def nccl_loader():
    """64 ranks on 8 nodes; rank 46 stays in its data loader after 411 collectives of its
    tensor-parallel group."""
    rng = Rng(4107)
    ranks, width, stuck = 64, 8, 46
    base = 1794884400 * 1000000000  # 2026-11-17T03:00:00Z
    seen = base + 640 * 1000000000
    records, logs, dumps = [], {}, {}
    for rank in range(ranks):
        node = f"dgx-b{rank // width + 1:02d}"
        tensor, data = str(1 + rank // width), str(1 + ranks // width + rank % width)
        entries = []

        def entry(pg, name, desc, seq, op, at, sizes, dtype, inner, line, done=True):
            created = at + 2000000 + rng.below(1500000)
            entries.append({
                "record_id": 9000 + len(entries), "pg_id": pg, "process_group": (name, desc), "collective_seq_id": seq,
                "p2p_seq_id": 0, "op_id": seq, "profiling_name": op, "time_created_ns": created,
                "input_sizes": [sizes], "input_dtypes": [dtype], "output_sizes": [sizes], "output_dtypes": [dtype],
                "state": "completed" if done else "scheduled", "time_discovered_started_ns": None,
                "time_discovered_completed_ns": created + 40000000 if done else None, "retired": done,
                "timeout_ms": 600000, "is_p2p": False, "frames": frames(inner, line),
            })

        def tp(seq, done=True):
            entry(1, tensor, "TENSOR_PARALLEL", seq, "nccl:all_reduce", base + (seq - 406) * 300000000 + (seq == 412) * 700000000,
                [2048, 5120], "BFloat16", "forward", 412, done)

        def dp(seq, done=True):
            entry(2, data, "DATA_PARALLEL", seq, "nccl:all_reduce", base + 2000000000 + (seq - 56) * 1300000000,
                [67108864], "BFloat16", "sync_gradients", 530, done)

        entry(0, "0", "default_pg", 3, "nccl:all_reduce_barrier", base - 7200 * 1000000000, [1], "Float", "sync_gradients", 530)
        for seq in range(409, 412):
            tp(seq)
        dp(56)
        waits = tensor == str(1 + stuck // width)  # for the one that is stuck
        if rank != stuck:
            tp(412, done=not waits)
        if not waits:
            dp(57, done=False)
        last = lambda pg: max(e["collective_seq_id"] for e in entries if e["pg_id"] == pg)
        past = lambda pg: max(e["collective_seq_id"] for e in entries if e["pg_id"] == pg and e["retired"])
        dumps[f"nccl_trace_rank_{rank}"] = pickled({
            "version": "2.9", "nccl_version": "2.27.3",
            "pg_config": {
                "0": {"name": "0", "desc": "default_pg", "ranks": str(list(range(ranks)))},
                tensor: {"name": tensor, "desc": "TENSOR_PARALLEL",
                    "ranks": str(list(range(rank - rank % width, rank - rank % width + width)))},
                data: {"name": data, "desc": "DATA_PARALLEL", "ranks": str(list(range(rank % width, ranks, width)))},
            },
            "pg_status": {pg: {"last_enqueued_collective": last(pg), "last_started_collective": -1,
                "last_completed_collective": past(pg)} for pg in range(3)},
            "entries": entries,
        })
        for e in entries:
            name, desc = e["process_group"]
            record = {
                "gen_ai.training.rank": rank, "nccl.fr.process_group": name, "nccl.fr.pg_desc": desc,
                "nccl.fr.collective_seq_id": e["collective_seq_id"], "nccl.fr.profiling_name": e["profiling_name"],
                "nccl.fr.state": e["state"], "nccl.fr.time_created_ns": e["time_created_ns"],
                "nccl.fr.input_sizes": str(e["input_sizes"]),
            }
            if e["retired"]:
                record["nccl.fr.time_discovered_completed_ns"] = e["time_discovered_completed_ns"]
            if rank < ranks // 2:
                records.append(compact({**record, "host.name": node}))
            else:
                logs.setdefault(node, []).append(compact({
                    "timeUnixNano": str(e["time_created_ns"]), "observedTimeUnixNano": str(seen), "severityNumber": 9,
                    "body": {"stringValue": "collective"},
                    "attributes": [{"key": k, "value": {"stringValue": v} if isinstance(v, str) else {"intValue": str(v)}}
                        for k, v in record.items()],
                }))
    for i in range(len(records) - 1, 0, -1):
        j = rng.below(i + 1)
        records[i], records[j] = records[j], records[i]
    resources = []
    for node, lines in logs.items():
        resource = {"attributes": [{"key": "host.name", "value": {"stringValue": node}}]}
        head, tail = compact({"resource": resource, "scopeLogs": [{"scope": {"name": "nccl-exporter"}, "logRecords": []}]}).split("[]")
        resources.append(head + "[\n" + ",".join(lines) + "]" + tail)
    return {"records.json": "".join(records), "otlp.json": '{"resourceLogs":[\n' + ",".join(resources) + "]}\n", **dumps}


# ---- nothing ----


def healthy_collectives(ranks):
    """Collectives that all completed, as flat records."""
    text = ""
    for seq in range(1, 9):
        for rank in range(ranks):
            created = stamp(seq, rank) * 1000000000
            text += compact({
                "gen_ai.training.rank": rank, "nccl.fr.collective_seq_id": seq, "nccl.fr.pg_id": 0,
                "nccl.fr.state": "completed", "nccl.fr.profiling_name": "nccl:all_reduce",
                "nccl.fr.time_created_ns": created, "nccl.fr.time_discovered_completed_ns": created + 40000000,
            })
    return text


def healthy():
    """An hour without failures: power caps, idle GPUs, short throttling, a counter that
    was reset, constant counters."""
    fleet = Fleet(4100, 4, idle=(2,))
    fleet.noise(spare=())
    still = (
        ("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", 3), ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 0),
        ("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 1), ("DCGM_FI_DEV_ROW_REMAP_FAILURE", 0),
        ("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", 12),
    )
    for gpu in fleet.gpus:
        for field, value in still:
            gpu.value[field] = [value] * MINUTES if gpu.index < 2 else []
    journal = Journal(fleet)
    journal.talk(120)
    journal.applications(4)
    return {
        "metrics.json": prometheus(fleet, HEAT + tuple(field for field, _ in still)),
        "journal.json": journal.text(),
        "events.json": "".join(map(compact, events_noise(fleet.rng, fleet.nodes))),
        "collectives.json": healthy_collectives(8),
    }


INCIDENTS = {
    "hbm": hbm,
    "healthy": healthy,
    "nccl-loader": nccl_loader,
    "pcie": pcie,
    "thermal-gpu": thermal_gpu,
    "thermal-node": thermal_node,
    "thermal-room": thermal_room,
    "xid79-fleet": xid79_fleet,
}


def main(args):
    check = args[:1] == ["--check"]
    top = (args[check:] + ["testdata/incidents"])[0]
    tests = bad = 0
    for incident, make in INCIDENTS.items():
        for name, content in make().items():
            content = content.encode() if isinstance(content, str) else content
            path = os.path.join(top, incident, name)
            if not check:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as f:
                    f.write(content)
                continue
            try:
                with open(path, "rb") as f:
                    same = f.read() == content
            except OSError:
                same = False
            tests += 1
            bad += not same
            print(f"{'ok' if same else 'not ok'} {tests} - {incident}/{name} is as generated")
    if check:
        print(f"1..{tests}")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
