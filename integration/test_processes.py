"""Programs of several processes, threads and greenlets: every call is recorded once, by the process that made it."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from support import script, until

HEAD = """
    import os, sys, boto3

    def call(name):
        boto3.client("s3").list_objects_v2(Bucket="photos", Prefix=str(name))
"""


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


def prefixes(place):
    """The calls, after the check that nothing is left in the spool."""
    place.flush()
    assert place.status()["processes"] == []
    return Counter(r["requestParameters"]["prefix"] for r in place.records() if r["eventName"] == "ListObjects")


def each(*names):
    return dict.fromkeys(map(str, names), 1)


@pytest.mark.newest
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(method, place):
    source = (
        HEAD
        + f"""
    if __name__ == "__main__":
        import multiprocessing
        context = multiprocessing.get_context({method!r})
        call("parent before")
        children = [context.Process(target=call, args=(number,)) for number in range(3)]
        for child in children: child.start()
        for child in children: child.join()
        assert [child.exitcode for child in children] == [0, 0, 0]
        call("parent after")
    """
    )
    place.record(source)
    assert prefixes(place) == each("parent before", 0, 1, 2, "parent after")


@pytest.mark.parametrize("kind", ["multiprocessing.Pool(3)", "concurrent.futures.ProcessPoolExecutor(3)"])
def test_pools_whose_workers_are_forked(kind, place):
    source = (
        HEAD
        + f"""
    import concurrent.futures, multiprocessing
    multiprocessing.set_start_method("fork")
    call("parent")
    with {kind} as pool:
        list(pool.map(call, range(30)))
    """
    )
    place.record(source)
    assert prefixes(place) == each("parent", *range(30))


@pytest.mark.newest
def test_os_fork_with_both_sides_calling_on(place):
    source = (
        HEAD
        + """
    call("before")
    child = os.fork()
    for number in range(20):
        call(f"{'parent' if child else 'child'} {number}")
    if child:
        assert os.waitpid(child, 0)[1] == 0
    """
    )
    place.record(source)
    both = [f"{who} {number}" for who in ("parent", "child") for number in range(20)]
    assert prefixes(place) == each("before", *both)


@pytest.mark.parametrize("end", ["os._exit(0)", "sys.exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_prefork_server_whose_master_goes_first(end, place):
    source = (
        HEAD
        + f"""
    import time
    client = boto3.client("s3")
    client.list_objects_v2(Bucket="photos", Prefix="master")
    for worker in range(3):
        if os.fork() == 0:
            while os.path.exists("master"):
                time.sleep(0.02)
            for number in range(5):
                client.list_objects_v2(Bucket="photos", Prefix=f"{{worker}}/{{number}}")
            open(f"done{{worker}}", "w").close()
            {end}
    client.list_objects_v2(Bucket="photos", Prefix="master after")
    os.remove("master")
    """
    )
    (place.folder / "master").touch()
    place.record(source)
    until(lambda: len(list(place.folder.glob("done*"))) == 3, what="the end of the workers")
    until(lambda: not any(p["alive"] for p in place.status()["processes"]), what="the end of the workers")
    calls = [f"{worker}/{number}" for worker in range(3) for number in range(5)]
    assert prefixes(place) == each("master", "master after", *calls)


def test_a_child_forked_while_its_parent_delivers_delivers_too(place, http):
    """The parent's thread is in the middle of a request and holds its locks; in the child it does not exist."""
    hold = []

    def answer(method, path):
        if method == "PUT" and path.endswith(".gz") and not hold:
            hold.append(path)
            until((place.folder / "go").exists)
        return 200, b"", [("ETag", '"0"')]

    server = http(answer)
    source = (
        HEAD
        + """
    import bototrail, pathlib, threading, time
    call("parent")
    threading.Thread(target=bototrail.flush).start()
    while not pathlib.Path("held").exists(): time.sleep(0.01)
    child = os.fork()
    if child == 0:
        call("child")
        done = bototrail.flush(timeout=10)
        os._exit(0 if done.complete and done.records else 7)
    status = os.waitpid(child, 0)[1]
    pathlib.Path("go").touch()
    sys.exit(os.waitstatus_to_exitcode(status))
    """
    )
    location = f"s3://trail/logs?endpoint_url={server.url}"
    process = place.start(sys.executable, place.program(source), BOTOTRAIL=location)
    until(lambda: hold, what="a delivery")
    (place.folder / "held").touch()
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr


def test_the_process_pool_of_s3transfer(place, moto):
    moto.client("s3").put_object(Bucket="photos", Key="film", Body=bytes(9 << 20))
    source = """
        from s3transfer.processpool import ProcessPoolDownloader, ProcessTransferConfig
        if __name__ == "__main__":
            size = 1 << 20
            config = ProcessTransferConfig(multipart_threshold=size, multipart_chunksize=size, max_request_processes=3)
            with ProcessPoolDownloader(config=config) as pool:
                pool.download_file("photos", "film", "film").result()
    """
    place.record(source)
    place.flush()
    assert (place.folder / "film").stat().st_size == 9 << 20
    calls = Counter(r["eventName"] for r in place.records())
    assert calls == {"HeadObject": 1, "GetObject": 9}


@pytest.mark.newest
def test_threads(place):
    source = """
        import threading, boto3
        s3 = boto3.client("s3")
        def work(thread):
            for number in range(50):
                s3.list_objects_v2(Bucket="photos", Prefix=f"{thread}/{number}")
        threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    place.record(source, BOTOTRAIL_FLUSH_SECONDS=0.2)
    assert prefixes(place) == each(*(f"{thread}/{number}" for thread in range(32) for number in range(50)))


def test_daemon_threads_that_call_on_while_the_program_ends(place):
    source = (
        HEAD
        + """
    import itertools, threading
    client = boto3.client("s3")
    log = os.open("finished", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    ready = threading.Event()
    def work():
        for number in itertools.count():
            client.list_objects_v2(Bucket="photos", Prefix=str(number))
            os.write(log, b"%d\\n" % number)
            if number == 20:
                ready.set()
    threading.Thread(target=work, daemon=True).start()
    ready.wait()
    """
    )
    place.record(source)
    done = (place.folder / "finished").read_text().split()
    found = prefixes(place)
    assert {name: found[name] for name in done} == each(*done)
    assert len(found) <= len(done) + 1


def test_greenlets(place):
    pytest.importorskip("gevent", reason="gevent is not installed, see the extra `test`")
    source = """
        from gevent import monkey; monkey.patch_all()
        import boto3, gevent
        s3 = boto3.client("s3")
        def work(greenlet):
            for number in range(5):
                s3.list_objects_v2(Bucket="photos", Prefix=f"{greenlet}/{number}")
        gevent.joinall([gevent.spawn(work, number) for number in range(20)], raise_error=True)
    """
    done = place.record(source)
    assert done.stderr == ""
    assert place.names()["ListObjects"] == 100
    assert prefixes(place) == each(*(f"{greenlet}/{number}" for greenlet in range(20) for number in range(5)))


def test_two_programs_share_a_state_directory_and_a_bucket(place):
    source = (
        HEAD
        + """
    for number in range(100):
        call(f"{sys.argv[1]}/{number}")
    """
    )
    program = place.program(source)
    options = {"BOTOTRAIL": place.bucket, "BOTOTRAIL_FLUSH_SECONDS": 0.05}
    both = [place.start(sys.executable, program, name, **options) for name in ("one", "two")]
    assert [(process.communicate(timeout=90), process.returncode)[1] for process in both] == [0, 0]
    assert place.names()["ListObjects"] == 200
    assert prefixes(place) == each(*(f"{name}/{number}" for name in ("one", "two") for number in range(100)))


def test_flush_leaves_those_alone_who_live(place):
    source = (
        HEAD
        + """
    import time
    call("dead")
    if os.fork() == 0: os._exit(0)
    child = os.fork()
    if child == 0:
        call("killed")
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    open("ready", "w").close()
    while not os.path.exists("stop"): time.sleep(0.02)
    call("last")
    """
    )
    process = place.start(sys.executable, place.program(source), BOTOTRAIL=place.bucket)
    until((place.folder / "ready").exists)
    done = place.flush()
    assert f"process {process.pid} still runs and delivers its own records" in done.stderr
    assert Counter(r["requestParameters"]["prefix"] for r in place.records()) == each("killed")
    (place.folder / "stop").touch()
    process.communicate(timeout=60)
    assert prefixes(place) == each("dead", "killed", "last")


LEFT_BEHIND = """
    import os, sys, boto3
    sts = boto3.client("sts")
    for _ in range(int(sys.argv[1])):
        if os.fork() == 0:
            sts.get_caller_identity()
            os._exit(0)
        os.wait()
    os._exit(0)
"""


def test_flushes_at_the_same_time_deliver_everything_once(place, http):
    place.record(LEFT_BEHIND, 60, AWS_ENDPOINT_URL=http().url)
    flushes = [place.start(script("bototrail"), "flush") for _ in range(3)]
    for process in flushes:
        process.communicate(timeout=60)
    assert place.flush().returncode == 0
    assert place.names() == {"GetCallerIdentity": 60}
    assert place.status()["processes"] == []
    assert place.status()["totals"]["delivered"] == 60
