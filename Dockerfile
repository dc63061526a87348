# docker build -t lintscale . && docker run --rm -v "$PWD:/project:ro" lintscale check
FROM python:3.13-slim AS build
COPY . /src
RUN python -m venv /opt/lintscale && /opt/lintscale/bin/pip install --no-cache-dir /src

FROM python:3.13-slim
COPY --from=build /opt/lintscale /opt/lintscale
ENV PATH=/opt/lintscale/bin:$PATH \
    LINTSCALE_CACHE_DIR=/tmp/lintscale
WORKDIR /project
USER 65532:65532
ENTRYPOINT ["lintscale"]
CMD ["check"]
