import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import '../styles/base.css';
import '../styles/doc.css';

// Swagger UI goes by a class, the rest of the page by what the viewer's system is set to.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

SwaggerUI({
  domNode: document.getElementById('documentation'),
  // Beside the page, wherever that is served. The answer is the server's own description of itself.
  url: './openapi.json',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // A description is not sent to a validator on another host.
  validatorUrl: null,
});
