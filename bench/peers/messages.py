"""Public parsers beside `crates/formats`: pydifact (EDIFACT, here PNRGOV) and ssim (schedules).

    python3 bench/peers/messages.py pnrgov FILE | ssim FILE

Prints megabytes a second of the core's time, once over the file. pydifact cuts segments and
elements and gives them no meaning; ssim reads schedule records into dictionaries. No public parser
of passenger lists (PNL, ADL, PFS, PRL) was found in any language.
"""

import os
import sys
import time


def pnrgov(path: str) -> int:
    from pydifact.segmentcollection import Interchange

    with open(path, encoding="ascii") as file:
        text = file.read().replace("\n", "").replace("\r", "")
    begun = time.process_time()
    segments = sum(1 for _ in Interchange.from_str(text).segments)
    return told(path, begun, segments, "segments")


def schedule(path: str) -> int:
    import ssim

    begun = time.process_time()
    return told(path, begun, len(ssim.read(path)), "flights")


def told(path: str, begun: float, count: int, what: str) -> int:
    seconds = time.process_time() - begun
    size = os.path.getsize(path) / 1e6
    print(f"{size:.1f} MB, {count} {what}: {seconds:.2f} s, {size / seconds:.2f} MB/s")
    return 0


if __name__ == "__main__":
    readers = {"pnrgov": pnrgov, "ssim": schedule}
    if len(sys.argv) != 3 or sys.argv[1] not in readers:
        sys.exit(__doc__)
    sys.exit(readers[sys.argv[1]](sys.argv[2]))
