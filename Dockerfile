# The pages, built with the Node.js that comes as a Python wheel.
FROM python:3.13-slim AS pages
WORKDIR /chainrule
COPY requirements/build.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/build && /opt/build/bin/pip install --require-hashes -r requirements/build.txt
ENV PATH=/opt/build/bin:$PATH
COPY static/package.json static/package-lock.json static/.npmrc static/
RUN --mount=type=cache,target=/root/.npm npm --prefix static ci --loglevel=error
COPY static static
RUN npm --prefix static run build --silent

# The Python packages; pip itself, the packages' own tests and what no call of ours can reach stay
# behind: zstandard's second binding needs cffi, which isn't there; brotli is switched off in app/main.py.
FROM python:3.13-slim AS packages
COPY requirements/run.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /opt/chainrule \
    && python -m pip --python /opt/chainrule/bin/python install --require-hashes -r requirements/run.txt \
    && find /opt/chainrule/lib -type d \( -name tests -o -name benchmarks \
        -o -path '*/sympy/physics' -o -path '*/sympy/stats' \) -prune -exec rm -r {} + \
    && find /opt/chainrule/lib \( -path '*/zstandard/_cffi*.so' -o -name '_brotli*.so' -o -name brotli.py \) -delete

FROM python:3.13-slim
WORKDIR /chainrule
COPY --from=packages /opt/chainrule /opt/chainrule
# Compiled here, since the file system may be read-only later.
COPY core core
COPY app app
COPY templates templates
COPY tools/run.py tools/
COPY --from=pages /chainrule/static/dist static/dist
RUN /opt/chainrule/bin/python -m compileall -q core app
# WEB_CONCURRENCY is the number of workers; each keeps to one BLAS thread (app/arithmetic.py).
ENV PATH=/opt/chainrule/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    WEB_CONCURRENCY=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD \
    ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "tools/run.py"]
