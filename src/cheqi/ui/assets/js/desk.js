// The desk's script: htmx, Alpine and our components.
import { start } from "./lib/start.js";

start();
