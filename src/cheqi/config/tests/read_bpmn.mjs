// Reads a BPMN 2.0 document from standard input with the parser that bpmn-js draws from,
// and prints what it warned of and how many elements have a shape or an edge.
import { BpmnModdle } from "bpmn-moddle";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { rootElement, warnings } = await new BpmnModdle().fromXML(Buffer.concat(chunks).toString("utf8"));
const drawn = rootElement.diagrams[0].plane.planeElement.filter((element) => element.bpmnElement?.id);
console.log(JSON.stringify({ warnings: warnings.map((warning) => warning.message), drawn: drawn.length }));
