#!/usr/bin/python3
"""usage: test/incidents_evicted.py DIR

Write the incident of testdata/incidents/evicted into DIR: an hour of a cluster of ten
nodes on which pods were evicted for several reasons, as printed by kubectl and
journalctl.  The events are in the table below; noise, uids and cursors come from a
generator with a fixed seed, so that the bytes are always the same.
"""
import json
import os
import random
import sys
from datetime import datetime, timedelta, timezone

START = datetime(2026, 6, 2, 14, 0, tzinfo=timezone.utc)
DOMAIN = ".pods.example.net"
NODES = ["gpu-b%02d" % n for n in range(1, 11)]

LOW = "The node was low on resource: %s. "
THRESHOLD = "Threshold quantity: %s, available: %s. "
USED = "Container %s was using %s, request is %s, has larger consumption of %s. "
STATUS = "Node %s status is now: %s"

# "mm:ss", node, reason, text; or with a count and a first time.
NODE_EVENTS = [
    ("05:10", "gpu-b08", "NodeHasInsufficientMemory", None),
    ("06:20", "gpu-b08", "NodeHasSufficientMemory", None),
    # the disk of b03 fills up, three pods are evicted, an hour's work is
    # deleted
    ("12:04", "gpu-b03", "NodeHasDiskPressure", None),
    ("13:10", "gpu-b03", "EvictionThresholdMet",
     "Attempting to reclaim ephemeral-storage", 6, "11:58"),
    ("19:40", "gpu-b03", "NodeHasNoDiskPressure", None),
    # b07 runs out of memory
    ("27:10", "gpu-b07", "NodeHasInsufficientMemory", None),
    ("27:12", "gpu-b07", "EvictionThresholdMet",
     "Attempting to reclaim memory"),
    ("32:12", "gpu-b07", "NodeHasSufficientMemory", None),
    # b05 runs out of PIDs, and is rebooted
    ("35:00", "gpu-b05", "NodeHasInsufficientPID", None),
    ("44:31", "gpu-b05", "Rebooted",
     "Node gpu-b05 has been rebooted, boot id: "
     "2b8b1f0e-6a0c-4f47-9a53-7f2f5d8f1c05"),
    # b10 is short of memory, but evicts because of its disk
    ("39:50", "gpu-b10", "NodeHasInsufficientMemory", None),
    ("48:00", "gpu-b10", "NodeHasSufficientMemory", None),
    ("46:00", "gpu-b04", "NodeNotReady", None),
    ("09:30", "gpu-b09", "SystemOOM",
     "System OOM encountered, victim process: python3, pid: 918273"),
]
# "mm:ss", node, pod, text of an Evicted Event and of the Pod
EVICTED = [
    ("12:05", "gpu-b03", "etl/shuffle-writer-0",
     LOW % "ephemeral-storage" + THRESHOLD % ("189Gi", "187904512Ki") +
     USED % ("writer", "611Gi", "200Gi", "ephemeral-storage")),
    ("12:31", "gpu-b03", "train/resnet-eval-7",
     LOW % "ephemeral-storage" + THRESHOLD % ("189Gi", "188004512Ki") +
     USED % ("eval", "12Gi", "0", "ephemeral-storage") +
     USED % ("tensorboard", "12Gi", "0", "ephemeral-storage")),
    ("13:12", "gpu-b03", "etl/shuffle-writer-1",
     LOW % "ephemeral-storage" + THRESHOLD % ("189Gi", "188104512Ki")),
    ("20:00", "gpu-b01", "train/tokenize-2",
     'Usage of EmptyDir volume "scratch" exceeds the limit "64Gi". '),
    ("27:18", "gpu-b07", "train/loader-3",
     LOW % "memory" + THRESHOLD % ("750Mi", "511348Ki") +
     USED % ("prefetch", "941203Mi", "512Gi", "memory")),
    ("35:20", "gpu-b05", "dev/notebook-ada",
     LOW % "pids" + THRESHOLD % ("13107", "12881") +
     USED % ("jupyter", "19204", "0", "pids")),
    ("40:10", "gpu-b10", "etl/compact-5", LOW % "imagefs"),
]
# Other events of pods: "mm:ss", node, pod, what
OTHERS = [
    ("51:00", "gpu-b04", "train/llama-rank-12", "taint"),
    ("50:00", "gpu-b02", "train/llama-rank-4", "drain"),
    ("50:02", "gpu-b02", "train/llama-rank-5", "drain"),
    ("55:00", "gpu-b06", "dev/notebook-lin", "delete"),
    ("09:30", "gpu-b09", "train/bert-0", "oom"),
]
# The pressure of each node's last transition: "mm:ss" and status
CONDITIONS = {
    ("gpu-b03", "DiskPressure"): ("19:40", "False"),
    ("gpu-b05", "PIDPressure"): ("44:40", "False"),
    ("gpu-b07", "MemoryPressure"): ("32:12", "False"),
    ("gpu-b08", "MemoryPressure"): ("06:20", "False"),
    ("gpu-b10", "MemoryPressure"): ("48:00", "False"),
}
WORDS = {
    "MemoryPressure": ("KubeletHas%sMemory", "Insufficient", "Sufficient",
                       "kubelet has %s memory available"),
    "DiskPressure": ("KubeletHas%sDiskPressure", "", "No",
                     "kubelet has %s disk pressure"),
    "PIDPressure": ("KubeletHas%sPID", "Insufficient", "Sufficient",
                    "kubelet has %s PID available"),
}
NOISE = [
    "IPv6: ADDRCONF(NETDEV_CHANGE): cali%04x: link becomes ready",
    "eth0: renamed from tmp%04x",
    "EXT4-fs (nvme1n1p%d): re-mounted. Opts: (null)",
    "perf: interrupt took too long (%d > 2500), lowering "
    "kernel.perf_event_max_sample_rate",
    "mlx5_core 0000:5e:00.0: temperature report, sensor %d",
    "audit: type=1400 audit(%d): apparmor=\"STATUS\"",
]


def at(mmss):
    minutes, seconds = mmss.split(":")
    return START + timedelta(minutes=int(minutes), seconds=int(seconds))


def rfc(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


class Incident:
    def __init__(self):
        self.random = random.Random(14)
        self.uids = {}

    def uid(self, of):
        if of not in self.uids:
            digits = "%032x" % self.random.getrandbits(128)
            self.uids[of] = "-".join(digits[a:b] for a, b in (
                (0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
        return self.uids[of]

    def event(self, t, about, reason, text, node=None, count=1, first=None,
              kind="Warning"):
        name, what = about["name"], (about["name"], reason, rfc(t))
        return {
            "apiVersion": "v1", "count": count, "eventTime": None,
            "firstTimestamp": rfc(first or t), "involvedObject": about,
            "kind": "Event", "lastTimestamp": rfc(t), "message": text,
            "metadata": {
                "creationTimestamp": rfc(first or t),
                "name": "%s.%s" % (name, self.uid(what)[:16].replace("-", "")),
                "namespace": about.get("namespace", "default"),
                "uid": self.uid(what)},
            "reason": reason,
            "source": {"component": "kubelet", "host": node} if node
            else {"component": "taint-eviction-controller"},
            "type": kind}

    def pod(self, name):
        ns, name = name.split("/")
        return {"apiVersion": "v1", "kind": "Pod", "name": name,
                "namespace": ns, "uid": self.uid((ns, name))}

    def events(self):
        for mmss, node, reason, text, *more in NODE_EVENTS:
            about = {"apiVersion": "v1", "kind": "Node", "name": node,
                     "uid": node}
            count, first = more if more else (1, mmss)
            yield self.event(
                at(mmss), about, reason, text or STATUS % (node, reason),
                node, count, at(first), "Normal" if not text else "Warning")
        for mmss, node, pod, text in EVICTED:
            about = self.pod(pod)
            yield self.event(at(mmss), about, "Evicted", text, node)
            yield self.event(at(mmss), about, "Killing",
                             "Stopping container main", node, kind="Normal")
        for mmss, node, pod, what in OTHERS:
            about = self.pod(pod)
            yield self.event(START, about, "Scheduled", "Successfully "
                             "assigned %s to %s" % (pod, node), kind="Normal")
            if what == "taint":
                yield self.event(at(mmss), about, "TaintManagerEviction",
                                 "Marking for deletion Pod " + pod,
                                 kind="Normal")
            else:
                yield self.event(at(mmss), about, "Killing",
                                 "Stopping container main", node,
                                 kind="Normal")

    def node(self, name):
        conditions = []
        for type_, (reason, on, off, text) in WORDS.items():
            t, status = CONDITIONS.get((name, type_), ("-9999:00", "False"))
            word = on if status == "True" else off
            conditions.append({
                "lastHeartbeatTime": rfc(START + timedelta(minutes=59)),
                "lastTransitionTime": rfc(at(t)),
                "message": text % word.lower(), "reason": reason % word,
                "status": status, "type": type_})
        return {"apiVersion": "v1", "kind": "Node",
                "metadata": {"name": name + DOMAIN, "uid": self.uid(name),
                             "labels": {"kubernetes.io/hostname": name}},
                "spec": {"unschedulable": True} if name == "gpu-b02" else {},
                "status": {"conditions": conditions, "nodeInfo": {
                    "kubeletVersion": "v1.31.4", "operatingSystem": "linux"}}}

    def pod_object(self, mmss, node, name, reason, text, status):
        about = self.pod(name)
        condition = [{
            "lastTransitionTime": rfc(at(mmss)), "reason": reason,
            "message": text, "status": "True", "type": "DisruptionTarget"}]
        return {"apiVersion": "v1", "kind": "Pod",
                "metadata": {k: about[k] for k in
                             ("name", "namespace", "uid")},
                "spec": {"nodeName": node + DOMAIN},
                "status": dict(status, conditions=condition if reason else [])}

    def pods(self):
        for mmss, node, name, text in EVICTED:
            local = "EmptyDir" in text
            pod = self.pod_object(
                mmss, node, name, "" if local else "TerminationByKubelet",
                text, {"phase": "Failed", "reason": "Evicted",
                       "message": text})
            if local:
                pod["status"]["containerStatuses"] = [{
                    "name": "tok", "state": {"terminated": {
                        "exitCode": 137, "finishedAt": rfc(at(mmss))}}}]
            yield pod
        for mmss, node, name, what in OTHERS:
            if what == "drain":
                yield self.pod_object(
                    mmss, node, name, "EvictionByEvictionAPI",
                    "Eviction API: evicting", {"phase": "Running"})
            elif what == "oom":
                pod = self.pod_object(mmss, node, name, "", "",
                                      {"phase": "Running"})
                pod["status"]["containerStatuses"] = [{
                    "name": "main", "restartCount": 1, "lastState": {
                        "terminated": {"exitCode": 137,
                                       "reason": "OOMKilled",
                                       "finishedAt": rfc(at(mmss))}}}]
                yield pod

    def journal(self):
        for node in NODES:
            said = [(START + timedelta(seconds=self.random.randrange(3600),
                                       microseconds=self.random.randrange(
                                           1000000)),
                     text % self.random.randrange(1, 9999))
                    for text in self.random.choices(NOISE, k=6)]
            if node == "gpu-b09":
                said.append((at("09:29"), "Memory cgroup out of memory: "
                             "Killed process 918273 (python3)"))
            if node == "gpu-b05":
                said.append((at("44:02"), "Linux version 6.8.0-48-generic "
                             "(buildd@builder)"))
            for i, (t, text) in enumerate(sorted(said)):
                boot = "%s-%d" % (node, node == "gpu-b05" and
                                  t >= at("44:02"))
                yield {
                    "__CURSOR": "s=%s;i=%x" % (self.uid(node)[:8], i),
                    "__REALTIME_TIMESTAMP":
                        "%d" % (t.timestamp() * 1000000),
                    "_BOOT_ID": self.uid(boot).replace("-", ""),
                    "_HOSTNAME": node, "_TRANSPORT": "kernel",
                    "SYSLOG_IDENTIFIER": "kernel", "PRIORITY": "6",
                    "MESSAGE": text}


def pretty(items):
    """A List as printed by kubectl: by namespace and name, names sorted."""
    items = sorted(items, key=lambda o: (
        o["metadata"].get("namespace", ""), o["metadata"]["name"]))
    return json.dumps({"apiVersion": "v1", "items": items, "kind": "List",
                       "metadata": {"resourceVersion": ""}},
                      indent=4, sort_keys=True) + "\n"


def main(folder):
    incident = Incident()
    files = {
        "events.json": pretty(incident.events()),
        "nodes.json": pretty(incident.node(n) for n in NODES),
        "pods.json": pretty(incident.pods()),
        "journal.json": "".join(json.dumps(e, separators=(",", ":")) + "\n"
                                for e in incident.journal()),
    }
    os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: test/incidents_evicted.py DIR")
    main(sys.argv[1])
