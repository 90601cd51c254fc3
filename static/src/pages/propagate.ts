import "../theme.css";
import "./topbar";
import { defineElement } from "../element";
import Inspector from "../panels/Inspector.svelte";
import Rail from "../panels/Rail.svelte";
import Shell from "../panels/Shell.svelte";
import SkipToStory from "../panels/lenses/story/SkipToStory.svelte";
import Stage from "../panels/Stage.svelte";
import Transport from "../panels/Transport.svelte";
import { begin } from "../state/playback.svelte";

defineElement("cr-skip-to-story", SkipToStory);
defineElement("cr-rail", Rail);
defineElement("cr-stage", Stage);
defineElement("cr-transport", Transport);
defineElement("cr-inspector", Inspector);
defineElement("cr-shell", Shell);
void begin();
