"""Programs on the JVM that start jobs themselves, which a second instance would start again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import write_files
from tests.manifests import as_yaml, deployment
from tests.one_service import checked

POM = """\
<project>
  <parent><artifactId>spring-boot-starter-parent</artifactId></parent>
  <artifactId>shop</artifactId>
  <dependencies><dependency><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>
</project>
"""
GUARDED = """\
class Restocker {
    private val running = Semaphore(1)
    @Scheduled(cron = "0 45 * * * *")
    fun restock() = running.withPermit { order() }
}
"""
BARE = '@Component class Restocker { @Scheduled(cron = "0 45 * * * *") fun restock() = order() }\n'
SHARED = GUARDED.replace("@Scheduled", '@SchedulerLock(name = "restock") @Scheduled')
ANSWERING = "@RestController class Books { @GetMapping fun all() = books }\n"


@pytest.mark.parametrize(
    ("sources", "severity"),
    [
        ((GUARDED, ANSWERING), "info"),
        ((BARE,), "info"),
        ((BARE, ANSWERING), "error"),
        ((SHARED, ANSWERING), "error"),
        ((ANSWERING,), "error"),
    ],
)
def test_jobs_that_a_second_instance_repeats(
    sources: tuple[str, ...], severity: str, tmp_path: Path
) -> None:
    shop = deployment(replicas=1)
    [container] = shop["spec"]["template"]["spec"]["containers"]
    container["env"] = [{"name": "LOG_LEVEL", "value": "info"}]
    files = {"k8s/shop.yaml": as_yaml(shop), "pom.xml": POM}
    files |= {f"src/main/kotlin/Part{n}.kt": text for n, text in enumerate(sources)}
    found = checked(write_files(tmp_path, files)).findings
    asked = [each.severity.value for each in found if each.rule == "min-instances"]
    assert asked == [severity]
