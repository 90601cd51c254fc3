import "../theme.css";
import "./topbar";
import { defineElement } from "../element";
import Inspector from "../train/Inspector.svelte";
import { begin } from "../train/playback.svelte";
import Rail from "../train/Rail.svelte";
import Shell from "../train/Shell.svelte";
import Stage from "../train/Stage.svelte";
import Transport from "../train/Transport.svelte";

defineElement("cr-train-rail", Rail);
defineElement("cr-train-stage", Stage);
defineElement("cr-train-transport", Transport);
defineElement("cr-train-inspector", Inspector);
defineElement("cr-train-shell", Shell);
void begin();
