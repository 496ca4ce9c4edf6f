import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/base.css';
import '../styles/embed.css';
import { EmbedPage } from './embed_page';
import { filmIn } from './film';
import { embedOptions } from './options';

const root = document.getElementById('root');
if (!root) throw new Error('embed/index.html has no element with id "root"');
createRoot(root).render(
  <StrictMode>
    <EmbedPage
      first={filmIn(document)}
      options={embedOptions(window.location.search, window.location.hash)}
    />
  </StrictMode>,
);
