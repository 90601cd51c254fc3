import "../theme.css";
import "../styles/landing.css";
import "./topbar";
import { defineElement } from "../element";
import Hero from "./Hero.svelte";

defineElement("cr-hero", Hero);
