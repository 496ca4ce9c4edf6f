import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/base.css';
import '../styles/watch.css';
import '../styles/example.css';
import { ExamplePage } from './example_page';

const root = document.getElementById('root');
if (!root) throw new Error('player.html has no element with id "root"');
createRoot(root).render(
  <StrictMode>
    <ExamplePage />
  </StrictMode>,
);
