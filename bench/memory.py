#!/usr/bin/env python3
"""Memory that `movio serve` holds at rest: on an empty data folder, some seconds after it became ready."""

import pathlib
import re
import time

from support import running_server

REST_SECONDS = 5
AIM_MIB = 40


def main():
    with running_server() as server:
        server.get("/api/v2/videos")
        time.sleep(REST_SECONDS)
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        rollup = pathlib.Path(f"/proc/{server.pid}/smaps_rollup").read_text()
    resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
    own = sum(int(size) for size in re.findall(r"Private_\w+:\s+(\d+)", rollup)) / 1024
    threads = re.search(r"Threads:\s+(\d+)", status)[1]
    verdict = "reached" if resident <= AIM_MIB else "NOT reached"
    print(f"memory at rest: {resident:.1f} MiB resident ({own:.1f} MiB of it its own), {threads} threads, "
          f"aim <= {AIM_MIB} MiB: {verdict}")


if __name__ == "__main__":
    main()
