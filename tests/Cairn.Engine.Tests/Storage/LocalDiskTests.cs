using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

public sealed class LocalDiskTests
{
    [Theory]
    [InlineData("nfs")]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    [InlineData("smb3")]
    [InlineData("smbfs")]
    [InlineData("9p")]
    [InlineData("v9fs")]
    [InlineData("afpfs")]
    [InlineData("ceph")]
    [InlineData("lustre")]
    [InlineData("fuse.sshfs")]
    [InlineData("fuse.rclone")]
    [InlineData("fuse.gvfsd-fuse")]
    [InlineData("fuse.s3fs")]
    public void IsNetwork_AnotherMachinesFiles_IsTrue(string name) => Assert.True(LocalDisk.IsNetwork(name, byTheSystem: false));

    [Theory]
    [InlineData("ext4")]
    [InlineData("btrfs")]
    [InlineData("xfs")]
    [InlineData("zfs")]
    [InlineData("tmpfs")]
    [InlineData("overlay")]
    [InlineData("apfs")]
    [InlineData("hfs")]
    [InlineData("NTFS")]
    [InlineData("ReFS")]
    [InlineData("ntfs3")]
    [InlineData("fuseblk")]
    [InlineData("fuse")]
    [InlineData("fuse.gocryptfs")]
    [InlineData("fuse.bindfs")]
    [InlineData("")]
    public void IsNetwork_ADiskOfThisMachine_IsFalseUnlessTheSystemSaysSo(string name)
    {
        Assert.False(LocalDisk.IsNetwork(name, byTheSystem: false));
        Assert.True(LocalDisk.IsNetwork(name, byTheSystem: true));
    }

    [Fact]
    public void Require_ATemporaryFolder_IsLetThrough_AlsoWhereNothingIsYet()
    {
        new LocalDisk(Path.Combine(Path.GetTempPath(), "not", "there", "memory.db")).Require();
        new LocalDisk(Path.Combine(Path.GetTempPath(), "memory.db")).Require();
    }

    [Fact]
    public void Refusal_SaysWhereWhyAndWhatToDo()
    {
        var error = LocalDisk.Refusal("/srv/share/memory.db", "nfs4");

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        foreach (var words in new[] { "needs a local disk", "/srv/share/memory.db", "nfs4", "--db", "MEMORY_DB_PATH", "Nothing was written" })
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
