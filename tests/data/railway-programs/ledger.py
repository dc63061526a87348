from railway_sdk import (
    define_railway,
    github,
    group,
    image,
    postgres,
    preserve,
    project,
    redis,
    ref,
    service,
    volume,
)

PARTIAL = "ledger"
REGIONS = {"us-west2": 2, "us-east4-eqdc4a": {"count": 1, "stacker": "x"}}
SIZES = {"production": 4, "staging": 1}


def worker(name, *, queue=None, count=1, **more):
    """A worker for one queue."""
    return service(
        f"{name}-worker", start=f"celery -A app worker -Q {queue or name}", replicas=count, **more
    )


@define_railway
def main(ctx=None):
    production = ctx is not None and ctx.is_environment("production")
    db = postgres("ledger-db", region="us-west2" if production else None)
    cache = redis("cache")
    disk = volume("disk", {"sizeMB": 1000}, region="us-west2")
    common = {"DATABASE_URL": db.env.DATABASE_URL, "CACHE": ref(cache, "REDIS_URL")}
    common.update(TZ="UTC")
    web = service(
        "web",
        source=github("acme/ledger"),
        run={"command": "gunicorn app:app", "preDeploy": "alembic upgrade head"},
        healthcheck="",
        healthcheckPath="/health",
        replicas=REGIONS if production else SIZES.get(ctx.environment, 1),
        deploy={"drainingSeconds": 20, "healthcheckTimeout": 40},
        env={**common, "SECRET": preserve(), "COUNT": 3},
        domains=[{"domain": "ledger.example", "port": None}],
        cronSchedule="0 * * * *",
    )
    db.deploy = {"limitOverride": {"containers": {"cpu": 1}}}
    store = service(
        "store", source=image("minio/minio:latest"), volumeMounts={"/data": disk}, tcp=[9000]
    )
    resources = [db, cache, disk, web, *group("storage", [store])]
    if production:
        resources += [
            worker(name, queue="q", source=github("acme/ledger"))
            for name in ("mail", "audit")
            if name != "none"
        ]
    else:
        resources.append(worker("all", count=2))
    return project("ledger", environments=["production", "staging"], resources=resources)
