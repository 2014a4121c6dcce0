import { render } from 'preact';
import { App } from './app.tsx';
import { loadConfig } from './config.ts';
import { Page } from './page.ts';
import { Misconfigured } from './views/misconfigured.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/avatar.css';
import './style/overlays.css';
import './style/signed-out.css';
import './style/layout.css';
import './style/rooms.css';
import './style/room.css';
import './style/messages.css';
import './style/people.css';
import './style/call.css';
import './style/tiles.css';
import './style/motion.css';

const config = await loadConfig().catch((error: Error) => error);
render(
  config instanceof Error ? <Misconfigured fault={config.message} /> : <App page={new Page(config)} />,
  document.body,
);
