# One recipe for both apps: docker build --build-arg APP=api .   (or APP=worker)
# The dashboard is built apart, so the image has none of its tools.
FROM node:24.21.0-slim AS dashboard
RUN npm install --global pnpm@12.21.0
WORKDIR /longhaul
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json ./
COPY apps apps
COPY packages packages
RUN pnpm install --frozen-lockfile --filter @longhaul/dashboard && pnpm --filter @longhaul/dashboard build

FROM node:24.21.0-slim
RUN npm install --global pnpm@12.21.0
WORKDIR /longhaul
# What runs, and nothing of tests and tools: .dockerignore leaves out those that lie beside it.
COPY LICENSE package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps apps
COPY packages packages
ARG APP
RUN test -f "apps/$APP/src/main.ts" || { echo "APP must be api or worker, but is '$APP'"; exit 1; }
# Code tools run in this, where the host lets a container make namespaces of its own.
RUN if [ "$APP" = worker ]; then apt-get update && apt-get install -y --no-install-recommends bubblewrap python3 \
  && rm -rf /var/lib/apt/lists/*; fi
# The workspace itself stays in the image: its packages are run from source, which Node only allows
# outside node_modules.
RUN pnpm install --prod --frozen-lockfile --filter-prod "@longhaul/$APP..."
COPY --from=dashboard /longhaul/apps/dashboard/dist apps/dashboard/dist
ENV APP=$APP NODE_ENV=production HOST=0.0.0.0
USER node
CMD ["sh", "-c", "exec node apps/$APP/src/main.ts"]
