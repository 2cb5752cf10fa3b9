import os
import signal
import subprocess
import sys
import time

import pytest

from conftest import eventually, in_child, is_running, process_numbers
from tasker_worker import nmap, process_group


def test_nmap_gets_the_arguments_the_time_out_and_the_target(fake_nmap, request_for):
    report = nmap.run(fake_nmap('printf "%s\\n" "$@"'), request_for())
    assert report.split() == ["-n", "-Pn", "-p", "80,443", "--host-timeout", "60s", "-oX", "-", "127.0.0.1"]


def test_both_pipes_are_drained_while_nmap_runs(fake_nmap, request_for):
    noise = "head -c 20000000 /dev/zero >&2"
    script = fake_nmap(f"{noise}; head -c 30000000 /dev/zero | tr '\\0' x; {noise}")
    assert len(nmap.run(script, request_for())) == 30_000_000


def test_a_report_over_the_limit_ends_nmap(fake_nmap, request_for, monkeypatch):
    monkeypatch.setattr(nmap, "REPORT_LIMIT", 1 << 20)
    with pytest.raises(nmap.NmapError, match="larger than 1048576 bytes"):
        nmap.run(fake_nmap("exec cat /dev/zero"), request_for())


def test_a_failing_nmap_is_reported_with_its_message(fake_nmap, request_for):
    with pytest.raises(nmap.NmapError, match="nmap exited with status 3: no route"):
        nmap.run(fake_nmap("echo '<nmaprun/>'; echo no route >&2; exit 3"), request_for())
    with pytest.raises(nmap.NmapError, match="ended by signal 9"):
        nmap.run(fake_nmap("kill -9 $$"), request_for())


def test_a_missing_nmap_is_named(request_for):
    with pytest.raises(nmap.NmapError, match="nmap is not installed: /nonexistent/nmap"):
        nmap.run("/nonexistent/nmap", request_for())


def test_out_of_time_the_whole_group_is_killed(fake_nmap, request_for, tmp_path):
    script = fake_nmap(f"sleep 300 & echo $$ $! > {tmp_path}/pids; wait")
    started = time.monotonic()
    with pytest.raises(nmap.NmapError, match="did not end within 1.5 s"):
        nmap.run(script, request_for(timeout=1), grace=0.5)
    assert time.monotonic() - started < 5
    for pid in process_numbers(tmp_path / "pids", 2):
        eventually(lambda: not is_running(pid))


def test_what_nmap_leaves_behind_is_killed_and_does_not_hold_the_result_back(fake_nmap, request_for, tmp_path):
    script = fake_nmap(f"sleep 300 & echo $! > {tmp_path}/pids; echo done")
    assert nmap.run(script, request_for()) == "done\n"
    (pid,) = process_numbers(tmp_path / "pids", 1)
    eventually(lambda: not is_running(pid))


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_nmap_dies_with_the_process_that_ran_it(fake_nmap, request_for, tmp_path, ending):
    """A terminated pool process turns SIGTERM into SystemExit, as billiard does; a killed one does nothing."""
    script = fake_nmap(f"sleep 300 & echo $$ $! > {tmp_path}/pids; wait")

    def pool_process():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        nmap.run(script, request_for())

    parent = in_child(pool_process)
    leader, descendant = process_numbers(tmp_path / "pids", 2)
    assert os.getpgid(leader) == leader == os.getpgid(descendant) != os.getpgid(parent)
    os.kill(parent, ending)
    os.waitpid(parent, 0)
    try:
        eventually(lambda: not is_running(leader))
        if ending is signal.SIGTERM:
            eventually(lambda: not is_running(descendant))
    finally:
        if is_running(descendant):
            os.kill(descendant, signal.SIGKILL)


def test_the_real_nmap_reports_on_a_loopback_address(request_for):
    report = nmap.run("nmap", request_for(arguments=["-n", "-Pn", "-p", "1"]))
    assert '<address addr="127.0.0.1"' in report and report.rstrip().endswith("</nmaprun>")


def test_no_file_descriptor_is_left_open(fake_nmap, request_for):
    script = fake_nmap("echo")
    nmap.run(script, request_for())
    before = os.listdir("/proc/self/fd")
    for _ in range(20):
        nmap.run(script, request_for())
    assert os.listdir("/proc/self/fd") == before


def test_the_parent_is_checked_after_the_death_signal_is_set():
    """A parent that is gone before the kernel knows of it would never be noticed."""
    code = subprocess.run(["true"], preexec_fn=process_group._dies_with(1)).returncode
    assert code == 1
