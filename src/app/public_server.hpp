#pragma once
#include <functional>
#include <memory>
#include <string>

#include "access/grants.hpp"
#include "access/standing.hpp"
#include "app/services/platform.hpp"
#include "embedding/endpoints/pages.hpp"
#include "http/server.hpp"

namespace movio::app {

// The gates that every server has.
std::vector<std::unique_ptr<http::Gate>> common_gates();

// What the settings say of the server that people reach, with the port that is bound already.
http::ServerOptions public_server_options(Platform& platform);
// Its gates: the common ones, who asks, how often, and room on the disk. The owner of the folder, who comes by the
// other server, may do everything and use the last of the disk: the store alone refuses there.
std::vector<std::unique_ptr<http::Gate>> public_gates(Platform& platform, access::Standings& standings,
                                                      access::Grants& grants);
// The page, under every address that nothing else has.
std::unique_ptr<http::Endpoint> page(const Settings& settings);
// Those of its pages that show one film.
embedding::PageSettings film_pages(const Settings& settings);

}  // namespace movio::app
