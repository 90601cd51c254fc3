import "../theme.css";
import "./topbar";
import { defineElement } from "../element";
import Inspector from "../descent/Inspector.svelte";
import { begin } from "../descent/playback.svelte";
import Rail from "../descent/Rail.svelte";
import Shell from "../descent/Shell.svelte";
import Stage from "../descent/Stage.svelte";
import Transport from "../descent/Transport.svelte";

defineElement("cr-descent-rail", Rail);
defineElement("cr-descent-stage", Stage);
defineElement("cr-descent-transport", Transport);
defineElement("cr-descent-inspector", Inspector);
defineElement("cr-descent-shell", Shell);
void begin();
