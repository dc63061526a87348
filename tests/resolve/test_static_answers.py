"""Which paths a proxy's settings answer in place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import replace
from lintscale.model.declared import Container, MountedFile, Port, Probe
from lintscale.model.location import Location, Span
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.static_answers import answered_paths

HERE = Location("app.yaml", Span(1, 1, 1, 1), (), 0)


def known(text: str) -> Sourced[str]:
    return Sourced(text, Source.FILE, HERE)


def answered(text: str, path: str, port: str = "8080", file: str = "/etc/proxy/proxy.conf") -> bool:
    probe = Probe(
        "http", "", known(path), known(port), ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, HERE
    )
    container = Container("proxy", known("proxy:1"), HERE, liveness=probe)
    container = replace(
        container, ports=(Port(8080, "http"),), files=(MountedFile(file, text=known(text)),)
    )
    return answered_paths(container, (container,)) == (path,)


NGINX = """
server {
  listen 80; # "not the one
  location /ready { proxy_pass http://app; }
}
server {
  listen 0.0.0.0:8080;
  set $x "a;b{";
  location = /exact { return 200 'ok; fine'; }
  location = /asks { proxy_pass http://app; }
  location = /checked { auth_request /auth; return 200; }
  location /static/ { alias /srv/; }
  location ~ ^/(readyz|live)$ { return 204; }
  location / { proxy_pass http://app; }
}
"""


@pytest.mark.parametrize(
    ("path", "port", "in_place"),
    [
        ("/exact", "8080", True),
        ("/exact", "http", True),
        ("/exact?x=1", "8080", True),
        ("/exact", "9090", False),
        ("/exact/more", "8080", False),
        ("/asks", "8080", False),
        ("/checked", "8080", False),
        ("/static/ready", "8080", True),
        ("/readyz", "8080", True),
        ("/ready", "8080", False),
        ("/ready", "80", False),
    ],
)
def test_nginx_answers_by_the_location_that_it_picks(path: str, port: str, in_place: bool) -> None:
    assert answered(NGINX, path, port) is in_place


HAPROXY = """
frontend web
  bind :8080
  monitor-uri /ready
  acl is_live path /live /alive
  http-request return status 200 content-type text/plain string ok if is_live
  http-request return status 200 if { path /readyz }
  default_backend app
"""


@pytest.mark.parametrize(
    ("path", "in_place"),
    [("/ready", True), ("/alive", True), ("/readyz", True), ("/deps", False)],
)
def test_haproxy_answers_what_it_monitors_or_returns(path: str, in_place: bool) -> None:
    assert answered(HAPROXY, path, file="/etc/haproxy.cfg") is in_place


def test_haproxy_s_monitor_may_fail_with_its_servers() -> None:
    failing = HAPROXY.replace("monitor-uri", "monitor fail if { nbsrv(app) lt 1 }\n  monitor-uri")
    assert not answered(failing, "/ready", file="/etc/haproxy.cfg")


ENVOY = """
admin: {address: {socket_address: {address: 0.0.0.0, port_value: 9901}}}
static_resources:
  listeners:
    - routes:
        - match: {path: /readyz}
          direct_response: {status: 200}
        - match: {prefix: /}
          route: {cluster: app}
"""


@pytest.mark.parametrize(
    ("path", "port", "in_place"),
    [
        ("/readyz", "8080", True),
        ("/ready", "9901", True),
        ("/ready", "8080", False),
        ("/deps", "8080", False),
    ],
)
def test_envoy_answers_directly_and_for_itself(path: str, port: str, in_place: bool) -> None:
    assert answered(ENVOY, path, port, "/etc/envoy/envoy.yaml") is in_place


@given(st.text(alphabet="{};#\"'\\ \nab/=", max_size=300))
def test_any_settings_can_be_read(text: str) -> None:
    for file in ("/a.conf", "/a.yaml"):
        answered(text, "/ready", file=file)
        answered("location /ready {" + text, "/ready", file=file)
