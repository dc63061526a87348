from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.project.config.settings import PROVIDERS
from lintscale.resolve.hosted_limits import hosted_limit, provider_of

KNOWN = [
    # The providers' own tables, as far as they print one.
    ("rds", "postgresql", "db.t3.medium", 450),
    ("rds", "postgresql", "db.t4g.micro", 112),
    ("rds", "postgresql", "db.m7i.large", 901),
    ("rds", "postgresql", "db.r8gd.48xlarge", 5000),
    ("rds", "postgresql", "db.x2iedn.xlarge", 5000),
    ("rds", "mysql", "db.r6g.large", 1365),
    ("rds", "mysql", "db.m9g.2xlarge", 2730),
    ("aurora", "postgresql", "db.r4.large", 1717),
    ("aurora", "postgresql", "db.r6g.2xlarge", 5000),
    ("aurora", "mysql", "db.t3.small", 45),
    ("aurora", "mysql", "db.t4g.medium", 90),
    ("aurora", "mysql", "db.t4g.large", 135),
    ("aurora", "mysql", "db.r5.large", 1000),
    ("aurora", "mysql", "db.r4.large", 1000),
    ("aurora", "mysql", "db.r6g.xlarge", 2000),
    ("aurora", "mysql", "db.r7g.4xlarge", 4000),
    ("aurora", "mysql", "db.r5.12xlarge", 6000),
    ("aurora", "mysql", "db.r5.16xlarge", 6000),
    ("aurora", "mysql", "db.r5.24xlarge", 7000),
    ("aurora", "mysql", "db.x2g.large", 2000),
    ("aurora", "mysql", "db.x2g.16xlarge", 7000),
    ("elasticache", "redis", "", 65000),
    *[
        ("neon", "postgresql", f"{size} CU", limit)
        for size, limit in (
            ("0.25", 104), ("0.5", 209), ("1", 419), ("2", 839), ("3", 1258), ("4", 1678),
            ("5", 2098), ("6", 2517), ("7", 2937), ("8", 3357), ("9", 4000), ("56", 4000),
        )
    ],
    ("neon", "", "3cu", 1258),
    ("supabase", "postgresql", "2XL", 380),
    ("supabase", "postgresql", "ci_2xlarge", 380),
    ("supabase", "postgresql", "8xl", 490),
    ("azure", "postgresql", "B1ms", 50),
    ("azure", "postgresql", "B2s", 429),
    ("azure", "postgresql", "B2ms", 859),
    ("azure", "postgresql", "Standard_B4ms", 1718),
    ("azure", "postgresql", "B8ms", 3437),
    ("azure", "postgresql", "B12ms", 5000),
    ("azure", "postgresql", "GP_Standard_D2ds_v5", 859),
    ("azure", "postgresql", "D4s_v3", 1718),
    ("azure", "postgresql", "Standard_D8ads_v5", 3437),
    ("azure", "postgresql", "MO_Standard_E4ds_v4", 3437),
    ("azure", "postgresql", "Standard_E8ds_v5", 5000),
    ("azure", "mysql", "B1ms", 171),
    ("azure", "mysql", "D2ds_v4", 683),
    ("azure", "mysql", "D8ds_v4", 2731),
    ("cloud-sql", "postgresql", "db-f1-micro", 25),
    ("cloud-sql", "postgresql", "db-custom-1-3840", 100),
    ("cloud-sql", "postgresql", "db-custom-2-7680", 400),
    ("cloud-sql", "postgresql", "db-perf-optimized-N-4", 600),
    ("cloud-sql", "mysql", "db-n1-standard-1", 4000),
    ("digitalocean", "postgresql", "db-s-1vcpu-1gb", 25),
    ("digitalocean", "postgresql", "gd-16vcpu-64gb", 1000),
    ("heroku", "postgresql", "essential-2", 40),
    ("heroku", "postgresql", "standard-0", 120),
    ("heroku", "postgresql", "heroku-postgresql:premium-5", 500),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "engine", "plan", "connections"), KNOWN)
def test_plans(provider: str, engine: str, plan: str, connections: int) -> None:
    found = hosted_limit(provider, engine, plan)
    assert found is not None
    assert found.connections == connections
    assert provider in found.reason


@pytest.mark.parametrize(
    ("provider", "engine", "plan"),
    [
        ("rds", "postgresql", ""),
        ("rds", "postgresql", "db.q5.large"),
        ("rds", "postgresql", "db.r5.metal"),
        ("rds", "", "db.r5.large"),
        ("aurora", "mysql", "db.r8g.48xlarge"),
        ("neon", "postgresql", "launch"),
        ("neon", "postgresql", "0.25-2 CU"),
        ("supabase", "postgresql", "pro"),
        ("azure", "postgresql", "Standard_F4"),
        ("heroku", "postgresql", "standard-1"),
        ("heroku", "postgresql", "hobby"),
        ("nobody", "postgresql", "large"),
    ],
)
def test_what_no_rule_says(provider: str, engine: str, plan: str) -> None:
    found = hosted_limit(provider, engine, plan)
    assert found is None


@pytest.mark.parametrize(
    ("provider", "small", "large"),
    [
        ("rds", "db.r6g.{}xlarge", "db.r6g.{}xlarge"),
        ("rds", "db.m6g.{}xlarge", "db.r6g.{}xlarge"),
        ("aurora", "db.r6g.{}xlarge", "db.r6g.{}xlarge"),
        ("azure", "Standard_D{}ds_v5", "Standard_E{}ds_v5"),
        ("cloud-sql", "db-n1-standard-{}", "db-n1-highmem-{}"),
        ("digitalocean", "db-s-2vcpu-{}gb", "db-s-2vcpu-{}gb"),
        ("neon", "{} CU", "{}cu"),
    ],
)
@given(sizes=st.tuples(st.integers(2, 12), st.integers(2, 12)))
def test_no_limit_falls_as_memory_grows(
    provider: str, small: str, large: str, sizes: tuple[int, int]
) -> None:
    for engine in ("postgresql", "mysql"):
        less = hosted_limit(provider, engine, small.format(min(sizes)))
        greater = hosted_limit(provider, engine, large.format(max(sizes)))
        if less is not None and greater is not None:
            assert 0 < (less.connections or 0) <= (greater.connections or 0)


@given(st.sampled_from(PROVIDERS), st.sampled_from(["", "mysql", "redis"]), st.text(max_size=30))
def test_any_plan_is_read(provider: str, engine: str, plan: str) -> None:
    hosted_limit(provider, engine, plan)


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("shop.cluster-abc.eu-west-1.rds.amazonaws.com", "aurora"),
        ("shop.abc.eu-west-1.rds.amazonaws.com", "rds"),
        ("shop.mysql.database.azure.com", "azure"),
        ("shop-do-user-1-0.b.db.ondigitalocean.com", "digitalocean"),
        ("postgres", ""),
        ("db.shop.example", ""),
    ],
)
def test_providers_by_host_names(host: str, provider: str) -> None:
    assert provider_of([host]) == provider
