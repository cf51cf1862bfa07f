// `npm run dev`: Vite with the pages, and behind it the API of RYADOM_API or else the fake one.
import { createServer } from "vite";
import { start } from "./fake_server.mjs";

process.env.RYADOM_API ??= (await start()).url;
const server = await createServer();
await server.listen();
server.printUrls();
console.log(`  API: ${process.env.RYADOM_API}`);
