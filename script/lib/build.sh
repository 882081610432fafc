# Sourced by the scripts: build folders.

# configure FOLDER OPTION…: sets the folder up, or gives it the options that it was not given before.
configure() {
    local folder=$1 option new=()
    shift
    local given=$folder/options-given
    for option in "$@"; do
        grep -qxF -e "$option" "$given" 2>/dev/null || new+=("$option")
    done
    if [ ! -f "$folder/build.ninja" ]; then
        meson setup "$folder" "$@"
    elif [ ${#new[@]} -gt 0 ]; then
        meson configure "$folder" "${new[@]}"
    fi
    [ ${#new[@]} -eq 0 ] || printf '%s\n' "${new[@]}" >>"$given"
}
