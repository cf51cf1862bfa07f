// idle_clients.mjs URL COUNT: holds COUNT open streams of /api/v1/events and says how many are open and how many events
// came, until it is ended. Needs a limit of open files above COUNT (ulimit -n).
import { connect } from "node:net";

const [, , address = "http://127.0.0.1:8080", wanted = "5000"] = process.argv;
const { hostname, port } = new URL(address);
let open = 0;
let events = 0;
const start = () => {
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("connect", () => {
    open += 1;
    socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/event-stream\r\n\r\n`);
  });
  socket.on("data", (bytes) => { events += bytes.toString().split("event: ").length - 1; });
  socket.on("close", () => { open -= 1; });
  socket.on("error", (error) => { console.error(error.message); });
};
for (let n = 0; n < Number(wanted); n += 1) {
  start();
  if (n % 200 === 199) await new Promise((done) => setTimeout(done, 50));
}
setInterval(() => console.log(`${open} open, ${events} events`), 2_000);
