"""The incidents under testdata/incidents that are too big to write by hand.

    python3 test/incidents.py [DIR]           write them (default: testdata/incidents)
    python3 test/incidents.py --check [DIR]   compare instead; prints TAP

One function per incident, listed in INCIDENTS, returns its files: name to
text.  Everything comes from a generator with a fixed seed, so that the same
bytes come out everywhere.  What a function builds on: Fleet, which holds the
GPUs of some nodes and what an exporter would say of each in every minute, and
prometheus(), which writes that as answers of Prometheus' query_range.
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
    """xorshift64*: python's own generators may change with its version."""

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
    """value[field][minute]; None is a sample that was never taken."""

    def __init__(self, rng, node, index):
        self.node, self.index = node, index
        self.uuid = "GPU-%08x-%04x-%04x-%04x-%012x" % (
            rng.below(1 << 31), rng.below(1 << 16), rng.below(1 << 16), rng.below(1 << 16), rng.below(1 << 31))
        self.pod = ""
        self.value = {}

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
    """Nodes of eight GPUs that train for an hour; those of idle nodes do not."""

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
        """What must not be mistaken for heat, on nodes other than spare."""
        rng = self.rng
        quiet = [g for g in self.gpus if g.node not in spare and g.pod]
        for _ in range(12):  # one hot sample, no growth that matters
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


def prometheus(fleet, fields, by_node=False):
    """One answer of query_range a line: for each field, and by_node for each
    node, too."""
    groups = [[gpu for gpu in fleet.gpus if gpu.node == node] for node in fleet.nodes] if by_node else [fleet.gpus]
    return "".join(matrix(gpus, field) for field in fields for gpus in groups)


def instant(fleet, field, value, minute=MINUTES - 1, pretty=False):
    """The answer of a query for one moment."""
    result = answer("vector", [
        {"metric": gpu.labels(field), "value": [stamp(minute), str(value)]} for gpu in fleet.gpus])
    return json.dumps(result, indent=2) + "\n" if pretty else compact(result)


HEAT = (MASK, VIOLATION, TEMP, CLOCK)


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
    """dgx-b02 to dgx-b05 are hot together between 02:10 and 02:48, after a
    GPU of dgx-b08 was on its own."""
    fleet = Fleet(4103, 8, idle=(1,))
    fleet.noise(spare=("dgx-b02", "dgx-b03", "dgx-b04", "dgx-b05", "dgx-b08"))
    for node in range(2, 6):
        for i in range(8):
            fleet.heat(fleet.at(node, i), 8 + node + i % 2, 44 + node - 1, SW_THERMAL, clock=1290, temp=87)
    fleet.heat(fleet.at(8, 2), 3, 7, HW_THERMAL, clock=1005, temp=92)
    return {"metrics.json": prometheus(fleet, HEAT), "limits.json": instant(fleet, CLOCK_MAX, 1980)}


# ---- nothing ----


def journal_noise(rng, nodes):
    """A kernel's small talk, as journalctl -k -o json prints it."""
    lines = (
        "EXT4-fs (nvme0n1p2): re-mounted. Opts: (null). Quota mode: none.",
        "docker0: port 3(veth1a2b) entered disabled state",
        "perf: interrupt took too long (2507 > 2500), lowering kernel.perf_event_max_sample_rate to 79750",
        "mlx5_core 0000:17:00.0: mlx5_pcie_event:301: Detected insufficient power on the PCIe slot (26W).",
        "TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.",
        "nvidia-nvlink: Nvlink Core is being initialized, major device number 511",
        "NVRM: GPU at PCI:0000:18:00: GPU-3f1d2c00-1111-2222-3333-444455556666",
        "audit: type=1400 apparmor=\"STATUS\" operation=\"profile_load\" name=\"cri-containerd\"",
    )
    text = ""
    for i in range(120):
        node = nodes[rng.below(len(nodes))]
        minute, second = rng.below(MINUTES), rng.below(60)
        text += compact({
            "__CURSOR": f"s=5eed;i={4096 + i:x}", "__REALTIME_TIMESTAMP": str(stamp(minute, second) * 1000000),
            "_BOOT_ID": "%032x" % (0xB007 + nodes.index(node)), "_HOSTNAME": node, "_TRANSPORT": "kernel",
            "SYSLOG_IDENTIFIER": "kernel", "PRIORITY": str(4 + rng.below(3)), "MESSAGE": lines[rng.below(len(lines))],
        })
    return text


def events_noise(rng, nodes):
    """What a scheduler and kubelets say in an hour without trouble."""
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
    text = ""
    for i in range(80):
        reason, note, kind, source = kinds[rng.below(len(kinds))]
        node, pod = nodes[rng.below(len(nodes))], f"eval-{rng.below(20)}"
        when = rfc3339(rng.below(MINUTES), rng.below(60))
        text += compact({
            "kind": "Event", "apiVersion": "v1",
            "metadata": {"name": f"{pod}.{0x17A0 + i:x}", "namespace": "train", "uid": f"ev-healthy-{i}"},
            "involvedObject": {"kind": "Pod", "namespace": "train", "name": pod, "uid": f"uid-{pod}"},
            "reason": reason, "message": note.format(pod=pod, node=node), "type": kind,
            "source": {"component": source, **({"host": node} if source == "kubelet" else {})},
            "firstTimestamp": when, "lastTimestamp": when, "count": 1,
        })
    return text


def healthy_collectives(ranks):
    """Collectives that all ended, as flat records."""
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
    """An hour in which nothing broke: power caps, idle GPUs, blips, a counter
    that was reset, counters that stand still."""
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
    return {
        "metrics.json": prometheus(fleet, HEAT + tuple(field for field, _ in still)),
        "journal.json": journal_noise(fleet.rng, fleet.nodes),
        "events.json": events_noise(fleet.rng, fleet.nodes),
        "collectives.json": healthy_collectives(8),
    }


INCIDENTS = {
    "healthy": healthy,
    "thermal-gpu": thermal_gpu,
    "thermal-node": thermal_node,
    "thermal-room": thermal_room,
}


def main(args):
    check = args[:1] == ["--check"]
    top = (args[check:] + ["testdata/incidents"])[0]
    tests = bad = 0
    for incident, make in INCIDENTS.items():
        for name, text in make().items():
            path = os.path.join(top, incident, name)
            if not check:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8", newline="\n") as f:
                    f.write(text)
                continue
            try:
                with open(path, encoding="utf-8", newline="") as f:
                    same = f.read() == text
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
