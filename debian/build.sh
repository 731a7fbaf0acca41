#!/bin/sh
# usage: debian/build.sh FOLDER    what "make deb" calls: FOLDER holds what
# "make install" put there, and becomes inquest_VERSION_ARCH.deb in the top folder.
root=${1:?folder of the installed files}
cd "$(dirname "$0")/.." || exit 2
version=$(cat VERSION)
arch=$(dpkg --print-architecture) || exit 2
doc=$root/usr/share/doc/inquest
# the same sources give the same package: the time of the commit, which a tarball's files have
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date -ur VERSION +%s)}
export SOURCE_DATE_EPOCH

strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root"/usr/bin/* || exit 2
gzip -9n "$root"/usr/share/man/man?/* || exit 2
mkdir -p "$doc" "$root/DEBIAN" || exit 2
cp debian/copyright "$doc/copyright"
gzip -9nc NEWS.md >"$doc/NEWS.md.gz"
{
	echo "inquest ($version) unstable; urgency=medium"
	echo
	echo "  * See NEWS.md."
	echo
	echo " -- $(sed -n 's/^Maintainer: //p' debian/control)  $(date -uRd "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$doc/changelog.gz"

# the libraries that the programs were linked with; dpkg-shlibdeps wants a source tree
mkdir -p "$root.src/debian" && printf 'Source: inquest\n\nPackage: inquest\nArchitecture: any\n' >"$root.src/debian/control" || exit 2
programs=$(cd "$root" && find "$PWD/usr/bin" -type f)
# shellcheck disable=SC2086 # names without blanks
depends=$(cd "$root.src" && dpkg-shlibdeps -O $programs) || exit 2
depends=${depends#shlibs:Depends=}
rm -r "$root.src"
size=$(du -k -s --apparent-size "$root" | cut -f1)
# "thermal: which GPU, node or room is too hot, and what it costs", folded
for page in man/*.1; do
	name=$(basename "$page" .1)
	sed -n "s/^\.Nd say / $name: /p" "$page" | fold -s -w 78 | sed '2,$s/^/ /; s/ $//'
done >"$root.filters"
sed "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@SIZE@/$size/; s/@DEPENDS@/$depends/" debian/control |
	sed -e "/^@FILTERS@\$/r $root.filters" -e '/^@FILTERS@$/d' >"$root/DEBIAN/control"
rm "$root.filters"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$root"
exec dpkg-deb --build --root-owner-group "$root" "inquest_${version}_$arch.deb"
