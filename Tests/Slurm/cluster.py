"""A real SLURM on this machine alone: a controller and pretend nodes of two processors each."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from waiting import wait_for

NODES = ("n1", "n2", "n3")
TOOLS = ("munged", "slurmctld", "slurmd", "sbatch", "unshare", "setpriv", "mpirun")

SETTINGS = """\
ClusterName=tests
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=6
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
SlurmdSpoolDir={folder}/%n
TmpFS={folder}/%n/tmp
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
KillWait=5
MinJobAge=3600
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
MailProg=/bin/true
JobRequeue=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=main Nodes=ALL Default=YES MaxTime=UNLIMITED PriorityTier=5
PartitionName=short Nodes=ALL MaxTime=60 PriorityTier=5
PartitionName=cheap Nodes=ALL MaxTime=UNLIMITED PriorityTier=1 GraceTime=15
"""
"""What is unusual: a job that is put back may start after 6 seconds and not after 2 minutes
(cred_expire), jobs are not put back unless they ask for it (JobRequeue), and those of one partition
make room for others."""


def lacking() -> str:
    """Why there can be no SLURM here; nothing where there can."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        return f"not installed: {' '.join(missing)} (Debian: slurm-wlm munge openmpi-bin)"
    if os.geteuid() != 0:
        return "it takes root to give pretend nodes names of their own"
    unshare = ["unshare", "--pid", "--fork", "--mount-proc", "--uts", "true"]
    made = subprocess.run(unshare, check=False, capture_output=True)
    return "" if made.returncode == 0 else "namespaces cannot be made here"


@dataclass
class Cluster:
    """SLURM in a folder, whose path has to be short and without spaces."""

    folder: Path
    machines: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def environment(self) -> dict[str, str]:
        """What users of the cluster find set."""
        temporary = {"TMPDIR": str(self.folder / "tmp")}
        as_root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        return os.environ | {"SLURM_CONF": str(self.folder / "slurm.conf")} | temporary | as_root

    def start(self) -> None:
        """Starts everything, and waits until all nodes are up."""
        for name in ("munge", "state", "tmp", *(f"{node}/tmp" for node in NODES)):
            (self.folder / name).mkdir(parents=True)
        port = free_ports(len(NODES) + 1)
        nodes = (
            f"NodeName={node} NodeAddr=127.0.0.1 Port={port + 1 + number} CPUs=2 RealMemory=2000\n"
            for number, node in enumerate(NODES)
        )
        # Nodes have to be known before the partitions that hold them.
        general, partitions = SETTINGS.split("PartitionName", 1)
        text = f"{general}{''.join(nodes)}PartitionName{partitions}"
        (self.folder / "slurm.conf").write_text(text.format(port=port, folder=self.folder))
        names = "".join(f"127.0.0.1 {node}\n" for node in NODES)
        (self.folder / "hosts").write_text(Path("/etc/hosts").read_text() + names)
        (self.folder / "munge.key").write_bytes(os.urandom(1024))
        (self.folder / "munge.key").chmod(0o600)
        with (self.folder / "machines.log").open("w") as log:
            # They end with this process, however it ends, and hold none of its pipes open.
            self.machines = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL"]
                + ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
                + [str(Path(__file__).with_name("machines")), str(self.folder), *NODES],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(lambda: self.ask("sinfo", "-h", "-N", "-p", "main", "-o", "%t") == ["idle"] * 3)

    def stop(self) -> None:
        """Ends everything, jobs included."""
        if self.machines:
            self.machines.kill()
            self.machines.wait()

    def run(
        self, *words: str | Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command as a user on the login node."""
        return subprocess.run(
            [str(word) for word in words],
            env=self.environment | (environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, *words: str) -> list[str]:
        """The lines that a command prints."""
        return self.run(*words).stdout.split("\n")[:-1]


def free_ports(count: int) -> int:
    """The first of some ports in a row on which nothing listens."""
    for first in range(20000 + os.getpid() % 2500 * count, 32000, count):
        sockets = [socket.socket() for _ in range(count)]
        try:
            for number, one in enumerate(sockets):
                one.bind(("127.0.0.1", first + number))
            return first
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
    raise AssertionError("no free ports")
