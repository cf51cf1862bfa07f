import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    environment: "node",
    fileParallelism: false, // one browser at a time: the machines have two cores
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
