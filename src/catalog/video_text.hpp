#pragma once
#include <cstddef>
#include <string>
#include <string_view>

// Titles and descriptions as people write them.
namespace movio::catalog {

inline constexpr std::size_t kTitleCharactersMax = 220;  // of the original
inline constexpr std::size_t kDescriptionCharactersMax =
    5000;  // what a page shows; v1 had no limit and keeps a wider one
inline constexpr std::size_t kAttributionCharactersMax = 500;  // some names and addresses

// Unicode code points of valid UTF-8.
std::size_t characters(std::string_view text);
// At most so many, cut at a character, so that the text stays valid UTF-8.
std::string first_characters(std::string_view text, std::size_t count);
// Without white space (ASCII's) at both ends.
std::string_view trimmed(std::string_view text);

// "../film.final.mkv" -> {"film.final", ".mkv"}; the name has no folders, and a name that begins with its only dot has
// no extension.
struct FileName {
    std::string stem;
    std::string extension;
};
FileName split_filename(std::string_view name);

}  // namespace movio::catalog
