# The web app: `npm run build` makes web/dist, which is embedded as `embedded::web()`, and web/examples/player.html, to
# be opened from disk. Packages are installed anew only when their lock file changes, the app is built anew only when
# one of its sources does, or when what was built is gone.
find_program(MOVIO_NPM npm REQUIRED)
set(web ${CMAKE_SOURCE_DIR}/web)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/*)
file(GLOB web_settings CONFIGURE_DEPENDS ${web}/*.json ${web}/*.ts ${web}/*.js ${web}/*.html
  ${web}/doc/*.html ${web}/embed/*.html)

add_custom_command(OUTPUT ${web}/node_modules/.movio-installed
  COMMAND ${MOVIO_NPM} ci --no-audit --no-fund --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${web}/node_modules/.movio-installed
  DEPENDS ${web}/package-lock.json
  WORKING_DIRECTORY ${web} COMMENT "Installing the web app's packages" VERBATIM)
add_custom_command(OUTPUT ${web}/dist/.built ${web}/examples/player.html
  COMMAND ${MOVIO_NPM} run build --silent
  COMMAND ${CMAKE_COMMAND} -E touch ${web}/dist/.built
  DEPENDS ${web}/node_modules/.movio-installed ${web_sources} ${web_settings}
  WORKING_DIRECTORY ${web} COMMENT "Building the web app" VERBATIM)
movio_embed(movio_embedded_web DIRECTORY ${web}/dist NAME web DEPENDS ${web}/dist/.built)
