"""Programs on the JVM that start jobs at their times themselves (``@Scheduled`` of Spring, Quarkus
and Micronaut), so that each instance starts them."""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.code.files import Files
from lintscale.syntax.regex import regex

SUFFIXES = (".java", ".kt")

_SCHEDULED = regex(rb"@Scheduled\s*\(")
_OWN_LOCK = regex(
    rb"\b(?:Semaphore|Mutex|ReentrantLock|StampedLock|AtomicBoolean)\s*\(|\bsynchronized\b"
    rb"|@Synchronized\b"
)
"""What keeps two jobs of one process apart, and none of two."""

_SHARED_LOCK = regex(
    rb"SchedulerLock|LockProvider|shedlock|LockRegistry|RedissonClient|LeaderInitiator"
    rb"|OnGrantedEvent|@SingletonTask|leaderElect|isLeader",
    2,
)
_ANSWERS = regex(
    rb"@(?:RestController|Controller|RequestMapping|RepositoryRestResource|Path|GrpcService"
    rb"|WebServlet|Endpoint|GraphQLApi|DgsComponent|QueryMapping|MessageMapping)\b"
    rb"|RouterFunction|coRouter|HttpServer"
)
"""What takes requests."""

ANNOTATION = "@Scheduled"


def schedules_alone(files: Files, names: Iterable[str]) -> str:
    """How the program starts jobs that another instance would start again: it guards them by a lock
    of its own process, or answers no requests, so that the jobs are all it does. "" where it does
    not, or shares a lock with other instances."""
    texts = [data for name in names if name.endswith(SUFFIXES) and (data := files.data(name))]
    scheduling = [data for data in texts if _SCHEDULED.search(data)]
    if not scheduling or any(map(_SHARED_LOCK.search, texts)):
        return ""
    if any(map(_OWN_LOCK.search, scheduling)) or not any(map(_ANSWERS.search, texts)):
        return ANNOTATION
    return ""
